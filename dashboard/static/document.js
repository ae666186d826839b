// What Seize mends in Streamlit's own document: its language, the roles of its menu, the names of its landmarks, what a key
// reaches, and the words that no argument of its sets. Those stand in places of its own, never in text of a page or in options.
const PLACES = ["stDialog", "stSkipToContent", "stTopNav", "stFileUploaderDropzone", "InputInstructions", "stElementToolbar", "stStatusWidget", "stMainMenuList",
  "stDataFrameColumnMenu", "stDataFrameColumnVisibilityMenu", "stDataFrameColumnFormattingMenu", "stSidebarNavViewButton",
  "stDataFrameStatisticsMenu", "stDataFrameStatisticsMetrics", "stDataFrameStatisticsContent", "stConnectionStatus",
  "stTooltipContent", "stSliderThumbValue", "stSliderTickBar"].map((id) => `[data-testid="${id}"]`).join()
  + ", [role=listbox], .stButtonGroup button";
const OPTION = "[role=option]:not([style*=contents])";  // the words of an empty list stand in one that has no box
const NUMBERS = "[data-testid=stSliderThumbValue], [data-testid=stSliderTickBar], .stButtonGroup button";
const NAMES = ["aria-label", "title", "placeholder"];
const NAMED = NAMES.map((name) => `[${name}]`).join();
const MENU = '[data-testid="stSidebarNavItems"]';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = ([theirs, ours]) => [new RegExp(`^${escaped(theirs).replace("\\{\\}", "(.+)")}$`), ours.replace("{}", "$1")];

function said(text) {
  const words = window.seizeWords, whole = text.trim();
  if (Object.hasOwn(words.exact, whole)) return text.replace(whole, () => words.exact[whole]);
  const found = whole && words.patterns.find(([theirs]) => theirs.test(whole));
  return found ? whole.replace(...found) : text;
}

function say(node) {
  const isNumber = node.parentElement?.closest(NUMBERS);
  const ours = isNumber ? node.nodeValue.replace(/^(-?\d+)[.,](\d+)$/, `$1${window.seizeWords.point}$2`) : said(node.nodeValue);
  if (ours !== node.nodeValue && !node.parentElement?.closest(OPTION)) node.nodeValue = ours;
}

function sayIn(place) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) say(walker.currentNode);
}

function name(element) {
  for (const each of NAMES) {
    const theirs = element.getAttribute(each), [head] = theirs?.split(": ", 1) ?? [];
    const ours = theirs && (Object.hasOwn(window.seizeWords.exact, head) ? said(head) + theirs.slice(head.length) : said(theirs));
    if (ours && ours !== theirs) element.setAttribute(each, ours);
  }
}

function mend(root) {
  root.querySelectorAll(`${MENU}:not([role]), ${MENU} li:not([role])`).forEach((each) => each.setAttribute("role", "none"));
  if (root.closest?.(PLACES)) sayIn(root);
  else root.querySelectorAll(PLACES).forEach(sayIn);
  if (root.matches?.(NAMED)) name(root);
  root.querySelectorAll(NAMED).forEach(name);
}

function mendChange({ type, target, addedNodes }) {
  if (type === "attributes") name(target);
  else if (type === "characterData" && target.parentElement?.closest(PLACES)) say(target);
  else addedNodes.forEach((each) => {
    if (each.nodeType === Node.ELEMENT_NODE) mend(each);
    else if (each.nodeType === Node.TEXT_NODE && each.parentElement?.closest(PLACES)) say(each);
  });
}

// Each row of pages is a landmark, and needs a name of its own: the heading above it.
function namePages() {
  let heading = "";
  document.querySelectorAll(".stMain :is(h1, h2, h3), .stMain .stPagination [role=navigation]").forEach((each) => {
    const label = `${window.seizeWords.exact.Pagination ?? "Pagination"}: ${heading}`;
    if (!each.matches("[role=navigation]")) heading = each.textContent.trim();
    else if (each.getAttribute("aria-label") !== label) each.setAttribute("aria-label", label);
  });
}

// What scrolls sideways on a phone, tables and formulas of lessons, can be reached by key.
function reachScrolled() {
  document.querySelectorAll(".stMain :is(.scroll, .katex-display):not([tabindex])").forEach((each) => {
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  });
}

// The search everywhere: its field has the focus once it opens; Enter opens what was found first, arrows go through the rest.
const FIELD = ".st-key-sought input", FOUND = '[class*="st-key-hit-"] a';

function focusSearch() {
  const field = document.querySelector(FIELD);
  if (field && !field.dataset.focusedOnce) field.focus();
  if (field) field.dataset.focusedOnce = "true";
}

function walkFound(event) {
  const found = [...document.querySelectorAll(FOUND)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  const stops = [document.querySelector(FIELD), ...found];
  const at = stops.indexOf(document.activeElement), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (at < 0 || (event.key !== "Enter" && !step)) return;
  if (event.key === "Enter" && at === 0) stops[1]?.click();
  else if (step) stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
  if (step) event.preventDefault();
}

// The next part of a lesson begins where its tabs are.
function showPart(event) {
  if (event.target.closest?.(".st-key-next-part button")) document.querySelector(".stMain .st-key-part")?.scrollIntoView();
}

export default function ({ data }) {
  document.documentElement.lang = data.code;
  const pairs = Object.entries(data.words);
  const exact = Object.fromEntries(pairs.filter(([theirs]) => !theirs.includes("{}")));
  window.seizeWords = { exact, point: data.point, patterns: pairs.filter(([theirs]) => theirs.includes("{}")).map(pattern) };
  mend(document.body);
  namePages();
  document.fonts.ready.then(reachScrolled);
  let waits = 0;  // what needs the whole page, its layout even, does not keep each change of it waiting
  window.seizeMends ??= new MutationObserver((changes) => {
    changes.forEach(mendChange);
    focusSearch();
    waits ||= setTimeout(() => { waits = 0; namePages(); reachScrolled(); }, 150);
  });
  window.seizeParts ??= addEventListener("click", showPart) ?? true;
  window.seizeWalk ??= addEventListener("keydown", walkFound) ?? true;
  const all = { childList: true, subtree: true, characterData: true, attributeFilter: NAMES };
  window.seizeMends.observe(document.body, all);
}
