// Takes the code from a link's fragment, which no server ever saw, into the form, and out of the
// address bar and the history. The page has a box "code" within "paste", for whoever has no scripts.
(() => {
  const box = document.getElementById("code");
  const takeCode = () => {
    const code = location.hash.slice(1);
    if (!code) return;
    box.value = code;
    document.getElementById("paste").hidden = true;
    history.replaceState(null, "", location.pathname);
  };
  // Who changes the language keeps the code: it waits in the fragment while the page loads again.
  const changeLanguage = async (event) => {
    if (!box.value || !event.target.matches(".language-switch")) return;
    event.preventDefault();
    const { target, submitter } = event;
    const body = new URLSearchParams(new FormData(target));
    body.append(submitter.name, submitter.value);
    await fetch(target.action, { method: "POST", body, redirect: "manual" });
    history.replaceState(null, "", `#${box.value}`);
    location.reload();
  };
  document.addEventListener("submit", changeLanguage);
  takeCode();
  addEventListener("hashchange", takeCode);
})();
