// Takes the code from a link's fragment, which no server ever saw, into the form, and out of the
// address bar and the history. The page has a box "code" within "paste", for whoever has no scripts.
(() => {
  const takeCode = () => {
    const code = location.hash.slice(1);
    if (!code) return;
    document.getElementById("code").value = code;
    document.getElementById("paste").hidden = true;
    history.replaceState(null, "", location.pathname);
  };
  takeCode();
  addEventListener("hashchange", takeCode);
})();
