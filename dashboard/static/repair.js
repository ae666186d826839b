// Streamlit 1.67 nests each group of its navigation as div > li inside ul, which is no list to a screen reader:
// as plain links inside <nav> they read well.
const LIST = '[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li';
const repair = () => document.querySelectorAll(LIST).forEach((element) => element.setAttribute("role", "none"));

export default function () {
  repair();
  const watch = new MutationObserver(repair);
  watch.observe(document.body, { childList: true, subtree: true });
  return () => watch.disconnect();
}
