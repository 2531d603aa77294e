// Takes the code from a link's fragment, which no server ever saw, into the form, and out of the
// address bar and the history. The page has a box "code" within "paste", for whoever has no scripts.
// Who changes the language takes the code along: a fragment stays through the redirect.
(() => {
  const takeCode = () => {
    const code = location.hash.slice(1);
    if (!code) return;
    document.getElementById("code").value = code;
    document.getElementById("paste").hidden = true;
    history.replaceState(null, "", location.pathname);
  };
  for (const form of document.querySelectorAll(".language-switch")) {
    form.addEventListener("submit", () => {
      form.action = `/language#${document.getElementById("code").value}`;
    });
  }
  takeCode();
  addEventListener("hashchange", takeCode);
})();
