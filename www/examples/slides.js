// Shows the next slide, and hides the others.
document.querySelector("button").addEventListener("click", () => {
  const slides = [...document.querySelectorAll("section")];
  const next = (slides.findIndex((slide) => !slide.hidden) + 1) % slides.length;
  slides.forEach((slide, place) => (slide.hidden = place !== next));
});
