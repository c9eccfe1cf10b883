// A search beside the page: the page's own program once more. It is told where that is, what it is compiled to, and
// what to look for; an empty word says that it came to nothing.
addEventListener(
  "message",
  async ({ data: [glue, module, request] }) => {
    try {
      const program = await import(glue);
      program.initSync({ module });
      program.search(request);
    } catch (error) {
      console.error(error);
      postMessage("");
    }
  },
  { once: true },
);
