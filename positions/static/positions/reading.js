// The reading desk: select words, and a form opens beside the text.
//
// The server makes every form and every paragraph; this only asks for them and puts
// them in place. Without it the links "Code here" lead to the same form.

import { ask, say, typing } from "./ask.js";
import { beginCompleting } from "./completing.js";
import { codingKey, showKeys } from "./coding_keys.js";
import { selectWords, selectedWords, step, textOf } from "./words.js";

const text = document.getElementById("document-text");
const panel = document.getElementById("desk-panel");
const bar = document.getElementById("selection-bar");
const keys = document.getElementById("keys");

// What is being coded, the words last selected, what the next form keeps, what was
// just made.
const desk = {
  words: null, selected: null, further: [], kept: "", made: [], at: null,
};

const articles = () => [...text.querySelectorAll("article.paragraph")];
const byKey = (key) => text.querySelector(`article[data-key="${key}"]`);
const open = () => !panel.hidden;
const codingForm = () => panel.querySelector("form.coding");

// -- the words ----------------------------------------------------------------

function showBar() {
  const words = selectedWords();
  if (words) desk.selected = words;
  bar.hidden = !words || (open() && !selectedElsewhere());
  if (bar.hidden) return;
  const shown = words.quote.length > 60 ? `${words.quote.slice(0, 57)}…` : words.quote;
  document.getElementById("selection-place").textContent =
    `${words.article.dataset.citation}: “${shown}”`;
  document.getElementById("further").hidden = !codingForm();
}

async function copyCitation() {
  const article = (selectedWords() ?? {}).article ?? here();
  if (!article) return;
  const words = article.dataset.citation;
  try {
    await navigator.clipboard.writeText(words);
    say(`Copied: ${words}`);
  } catch {
    say(`The browser does not let a page copy. The citation is: ${words}`, { fault: true });
  }
}

// -- where one is -------------------------------------------------------------

function here() {
  const focused = document.activeElement?.closest?.("article.paragraph");
  return focused ?? selectedWords()?.article ?? desk.at ?? null;
}

function go(way) {
  const all = articles();
  const now = all.indexOf(here());
  const next = all[now < 0 ? (way > 0 ? 0 : all.length - 1) : now + way];
  if (!next) return;
  document.getSelection().removeAllRanges();
  stand(next);
}

function stand(article) {
  desk.at = article;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
}

// -- the panel ----------------------------------------------------------------

function fill(html) {
  panel.innerHTML = html;
  panel.hidden = false;
  document.body.classList.add("desk-open");
  const form = codingForm();
  if (form) {
    showKeys(form);
    for (const words of desk.further) showFurther(form, words);
  }
  beginCompleting(panel);
  const fault = panel.querySelector(".errorlist, .errornote");
  panel.focus({ preventScroll: true });
  if (fault) fault.scrollIntoView({ block: "nearest" });
  else panel.scrollTop = 0;
}

function close() {
  if (!open()) return;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("desk-open");
  desk.words = null;
  desk.further = [];
  bar.hidden = true;
  if (desk.at?.isConnected) stand(desk.at);
}

async function code(words) {
  desk.words = words;
  desk.further = [];
  desk.at = words.article;
  const query = new URLSearchParams(desk.kept);
  query.set("panel", "1");
  query.set("start", words.start);
  query.set("end", words.end);
  const answer = await ask(`${words.article.dataset.code}?${query}`);
  if (desk.words !== words) return;
  if (answer.html && answer.ok) {
    fill(answer.html);
    bar.hidden = true;
    light(words);
  }
}

// The words stay lit while the form has the focus.
function light(words) {
  const article = byKey(words.article.dataset.key);
  if (!article) return;
  selectWords(article, words.start, words.end);
  article.scrollIntoView({ block: window.innerWidth > 1024 ? "center" : "start" });
}

async function attach(words, q = "") {
  desk.words = words;
  desk.at = words.article;
  const answer = await ask(`${text.dataset.attach}?${new URLSearchParams({ q })}`);
  if (answer.html && answer.ok) {
    fill(answer.html);
    bar.hidden = true;
    if (q) panel.querySelector("[name=q]").focus();
  }
}

async function save(form, pressed) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const data = new FormData(form);
  if (pressed?.name) data.set(pressed.name, pressed.value);
  if (form.matches(".attach")) {
    data.set("key", desk.words.article.dataset.key);
    data.set("start", desk.words.start);
    data.set("end", desk.words.end);
  }
  data.set("panel", "1");
  const answer = await ask(form.action, data);
  delete form.dataset.busy;
  if (answer.ok) done(answer.json);
  else if (answer.status === 422) fill(answer.html);
}

function done(told) {
  if (told.kept !== undefined) desk.kept = told.kept;
  if (told.made) desk.made = told.made;
  const at = desk.at?.dataset.key;
  replace(told.paragraphs);
  close();
  document.getSelection().removeAllRanges();
  if (at && byKey(at)) stand(byKey(at));
  const back = told.made?.length ? " Take back: u." : "";
  say(plain(told.said) + back);
}

const plain = (sentences) => {
  const reader = document.createElement("template");
  reader.innerHTML = sentences.join(" ");
  return reader.content.textContent;
};

function replace(html) {
  const reader = document.createElement("template");
  reader.innerHTML = html;
  for (const article of reader.content.querySelectorAll("article.paragraph")) {
    byKey(article.dataset.key)?.replaceWith(article);
  }
}

async function nothing() {
  const article = here();
  if (!article) return;
  desk.at = article;
  const data = new FormData();
  data.set("panel", "1");
  data.set("nothing", "1");
  const answer = await ask(article.dataset.code, data);
  if (answer.ok) done(answer.json);
}

async function takeBack() {
  if (!desk.made.length) {
    say("There is nothing to take back since this page was opened.");
    return;
  }
  const data = new FormData();
  for (const key of desk.made) data.append("statement", key);
  const answer = await ask(text.dataset.takeBack, data);
  if (answer.ok) {
    desk.made = [];
    done({ ...answer.json, made: [] });
  }
}

// -- further citations --------------------------------------------------------

function addFurther(role) {
  const form = codingForm();
  const words = desk.selected;
  if (!form || !words) return;
  const value = [words.article.dataset.key, words.start, words.end, role].join(":");
  const added = { value, role, quote: words.quote, place: words.article.dataset.citation };
  desk.further = [...desk.further, added];
  showFurther(form, added);
  bar.hidden = true;
  light(desk.words);
  panel.focus({ preventScroll: true });
  say(`Added as ${role}: ${added.place}.`);
}

function showFurther(form, { value, role, quote, place }) {
  let list = form.querySelector(".further-list");
  if (!list) {
    list = document.createElement("ul");
    list.className = "further-list";
    form.querySelector("fieldset").append(list);
  }
  const item = document.createElement("li");
  const input = Object.assign(document.createElement("input"), {
    type: "hidden", name: "further", value,
  });
  const remove = Object.assign(document.createElement("button"), {
    type: "button", textContent: "Remove", className: "button",
  });
  remove.addEventListener("click", () => {
    desk.further = desk.further.filter((one) => one.value !== value);
    item.remove();
  });
  item.append(`${role}: ${place}, “${quote.slice(0, 80)}” `, input, remove);
  list.append(item);
}

// -- keys ---------------------------------------------------------------------

const acts = {
  code: () => desk.selected && code(desk.selected),
  attach: () => desk.selected && attach(desk.selected),
  cite: copyCitation,
  close,
};

function textKey(event) {
  const article = here();
  const rtl = article
    && getComputedStyle(article.querySelector(".text")).direction === "rtl";
  const way = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
  if (way && article) {
    step(article, "word", way, event.shiftKey);
    return true;
  }
  const words = selectedWords();
  switch (event.key) {
    case "j": go(1); return true;
    case "k": go(-1); return true;
    case "s": if (article) step(article, "sentence", 1, false); return true;
    case "S": if (article) step(article, "sentence", 1, true); return true;
    case "a": if (article) selectAll(article); return true;
    case "c": copyCitation(); return true;
    case "r": if (words) attach(words); return true;
    case "n": nothing(); return true;
    case "u": takeBack(); return true;
    case "h": document.querySelector("#coding-header ~ p a")?.click(); return true;
    case "[": case "]":
      document.querySelector(`.reading-tools [data-key="${event.key}"]`)?.click();
      return true;
    case "?": keys.showModal(); return true;
    case "Escape": document.getSelection().removeAllRanges(); return true;
    case "Enter":
      if (!words || event.target.closest("a, button, summary")) return false;
      code(words);
      return true;
    default: return false;
  }
}

function selectAll(article) {
  selectWords(article, 0, [...textOf(article.querySelector(".text"))].length);
}

function panelKey(event) {
  if (event.key === "Escape") {
    close();
    return true;
  }
  if (!typing(event.target) && event.key === "+" && selectedElsewhere()) {
    addFurther("context");
    return true;
  }
  const form = codingForm();
  if (form) return codingKey(form, event, () => save(form, form.querySelector("[name=save]")));
  if (typing(event.target)) return false;
  const button = panel.querySelector(`button[data-letter="${CSS.escape(event.key)}"]`);
  button?.click();
  return Boolean(button);
}

const selectedElsewhere = () => {
  const { selected, words } = desk;
  return selected && words && (selected.article !== words.article
    || selected.start !== words.start || selected.end !== words.end);
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || keys.open) return;
  const inPanel = open() && (panel.contains(event.target) || !typing(event.target));
  if (!inPanel && (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey)) {
    return;
  }
  if (inPanel ? panelKey(event) : textKey(event)) event.preventDefault();
});

// -- pointer ------------------------------------------------------------------

let pressedIn = false;
text.addEventListener("pointerdown", (event) => {
  pressedIn = Boolean(event.target.closest(".text"));
  const article = event.target.closest("article.paragraph");
  if (article) desk.at = article;
});
document.addEventListener("pointerup", (event) => {
  if (!pressedIn) return;
  pressedIn = false;
  // The browser settles the selection after this event.
  setTimeout(() => {
    showBar();
    const words = selectedWords();
    // A finger still adjusts its selection: there the bar's button opens the form.
    if (words && event.pointerType === "mouse" && !open()) code(words);
  });
});
document.addEventListener("selectionchange", () => {
  if (!pressedIn) showBar();
});

bar.addEventListener("pointerdown", (event) => event.preventDefault());
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  if (button.dataset.act === "further") addFurther(button.dataset.role);
  else acts[button.dataset.act]?.();
});

panel.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches(".attach-search")) attach(desk.words, form.elements.q.value);
  else if (form.matches(".issue-choice")) changeIssue(form);
  else save(form, event.submitter);
});

// Another issue has other options: the form comes anew, with the same words.
function changeIssue(form) {
  const query = new URLSearchParams(desk.kept);
  query.delete("options");
  query.set("issue", form.elements.issue.value);
  desk.kept = query.toString();
  code(desk.words);
}

// -- a long document, as one scrolls --------------------------------------------

const onward = document.querySelector(".scroll-on");
if (onward) {
  onward.hidden = false;
  const watcher = new IntersectionObserver(async ([seen]) => {
    if (!seen.isIntersecting || onward.dataset.busy) return;
    onward.dataset.busy = "1";
    const answer = await ask(onward.dataset.next);
    delete onward.dataset.busy;
    if (!answer.ok) return;
    const reader = document.createElement("template");
    reader.innerHTML = answer.html;
    const next = reader.content.querySelector("[data-next]")?.dataset.next;
    reader.content.querySelector("[data-next]")?.remove();
    text.append(reader.content);
    if (!next) {
      watcher.disconnect();
      onward.remove();
      return;
    }
    onward.dataset.next = next;
    // Still in sight: look again.
    watcher.unobserve(onward);
    watcher.observe(onward);
  }, { rootMargin: "1200px" });
  watcher.observe(onward);
}

for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
document.getElementById("keys-open")?.addEventListener("click", () => keys.showModal());
const named = document.getElementById(location.hash.slice(1));
if (named?.matches("article.paragraph")) desk.at = named;
