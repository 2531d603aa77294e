// Takes the invitation's code from the link's fragment, which no server ever saw, into the form,
// and out of the address bar and the history.
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
