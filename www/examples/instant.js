// Puts the text of an article into the place of the one that is shown, as if it had been fetched.
const pages = [
  '<h1>Clocks</h1><light-cone run="lamport"><a href="../#/lamport">Lamport\'s clocks</a></light-cone>',
  document.querySelector("article").innerHTML,
];
document.querySelector("button").addEventListener("click", () => {
  const article = document.createElement("article");
  article.innerHTML = pages[0];
  pages.reverse();
  document.querySelector("article").replaceWith(article);
});
