// The queue by keyboard: one row at a time, decided without leaving the page.
//
// The server makes every card with its forms; this shows one of them, sends its
// forms, and fetches further rows before the last one is reached.

import { ask, say, typing } from "./ask.js";

const desk = document.getElementById("content-main");
const cards = document.getElementById("queue-cards");
const list = document.getElementById("queue-list");
const keys = document.getElementById("keys");
const FEW = 8;

// The decision taken last, so that `u` undoes it.
const last = { card: null, decision: "" };
let current = null;
let exhausted = false;
let fetching = false;

const all = () => [...cards.querySelectorAll(".card")];
const line = (card) => list.querySelector(`[data-row="${card.dataset.row}"]`);

// -- the list beside the cards ---------------------------------------------------

function addLine(card) {
  const item = document.createElement("li");
  item.dataset.row = card.dataset.row;
  const button = document.createElement("button");
  button.type = "button";
  const title = document.createElement("strong");
  title.dir = "auto";
  title.textContent = card.querySelector("h2").textContent;
  const problem = document.createElement("span");
  problem.textContent = card.querySelector(".problem").textContent;
  const tags = document.createElement("span");
  tags.append(...[...card.querySelectorAll(".tags .badge")].map((one) => one.cloneNode(true)));
  button.append(title, problem, tags);
  button.addEventListener("click", () => show(card));
  item.append(button);
  list.append(item);
}

// Show a card; `told` is what the decision before it said, which goes on standing.
function show(card, told = "") {
  if (current) {
    current.classList.remove("current");
    line(current)?.querySelector("button").removeAttribute("aria-current");
    for (const open of current.querySelectorAll("details.reasons[open]")) open.open = false;
  }
  current = card ?? null;
  document.getElementById("queue-empty").hidden = Boolean(current);
  if (!current) return;
  current.classList.add("current");
  const button = line(current)?.querySelector("button");
  button?.setAttribute("aria-current", "true");
  button?.scrollIntoView({ block: "nearest" });
  current.focus({ preventScroll: true });
  if (current.getBoundingClientRect().top < 0) current.scrollIntoView();
  current.querySelector(".words-in-place mark.asked")?.scrollIntoView({ block: "nearest" });
  claim(current, told);
  const left = all().length - all().indexOf(current);
  if (left <= FEW) more();
}

async function claim(card, told) {
  const answer = await ask(card.dataset.claim, new FormData());
  if (!answer.ok) return;
  const by = answer.json.by;
  let badge = card.querySelector("[data-claimed]");
  if (!by) {
    badge?.remove();
    line(card)?.querySelector("[data-claimed]")?.remove();
    return;
  }
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "badge badge-problem";
    badge.dataset.claimed = "";
    card.querySelector(".tags").append(badge);
  }
  badge.textContent = `${by} has it open`;
  if (card === current) say(`${told} ${by} has this row open as well.`.trim(), { fault: true });
}

function go(way) {
  const rows = all();
  const next = rows[rows.indexOf(current) + way];
  if (next) show(next);
}

function skip() {
  const card = current;
  if (!card) return;
  const next = card.nextElementSibling ?? card.previousElementSibling;
  cards.append(card);
  list.append(line(card));
  show(next ?? card);
}

async function more(told) {
  if (exhausted || fetching) return;
  fetching = true;
  const query = all().map((card) => `but=${card.dataset.row}`).join("&");
  const answer = await ask(`${cards.dataset.more}&${query}`);
  fetching = false;
  if (!answer.ok) return;
  exhausted = !add(answer.html);
  if (!current) show(all()[0], told);
}

// Put rows of the server on the page, but those it has: how many were added.
function add(html, before = null) {
  const reader = document.createElement("template");
  reader.innerHTML = html;
  const fresh = [...reader.content.querySelectorAll(".card")]
    .filter((card) => !document.getElementById(card.id));
  for (const card of fresh) {
    cards.insertBefore(card, before);
    for (const one of card.querySelectorAll(".needs-script")) one.hidden = false;
    addLine(card);
    if (before && line(before)) list.insertBefore(line(card), line(before));
  }
  return fresh.length;
}

// -- decisions ---------------------------------------------------------------------

async function send(form, pressed) {
  const card = form.closest(".card");
  if (card.dataset.busy) return;
  card.dataset.busy = "1";
  const data = new FormData(form);
  if (pressed?.name) data.set(pressed.name, pressed.value);
  const answer = await ask(form.action, data);
  delete card.dataset.busy;
  if (answer.status === 410) {
    leave(card, answer.json.error);
    return;
  }
  if (!answer.ok) return;
  if (form.closest(".assign")) {
    assigned(card, answer.json);
    return;
  }
  if (answer.json.opens) {
    location.assign(answer.json.opens);
    return;
  }
  last.card = answer.json.undo ? card : null;
  last.decision = data.get("decision");
  const told = answer.json.said + (answer.json.undo ? " Undo: u." : "");
  say(told);
  leave(card, told);
}

function assigned(card, { said, to }) {
  let badge = card.querySelector("[data-assigned]");
  if (to && !badge) {
    badge = document.createElement("span");
    badge.className = "badge badge-note";
    badge.dataset.assigned = "";
    card.querySelector(".tags").prepend(badge);
  }
  if (to) badge.textContent = `for ${to}`;
  else badge?.remove();
  card.querySelector("details.assign").open = false;
  card.focus({ preventScroll: true });
  say(said);
}

// The row is decided: it goes, and the next one stands there.
function leave(card, told) {
  const next = card.nextElementSibling ?? card.previousElementSibling;
  line(card)?.remove();
  card.remove();
  if (card === current) {
    current = null;
    show(next, told);
    if (!next) more(told);
  }
  document.querySelector(".last-decision")?.remove();
}

async function undo() {
  const { card, decision } = last;
  if (!card) {
    const form = document.querySelector(".last-decision");
    if (form) form.requestSubmit();
    else say("There is nothing to undo since this page was opened.");
    return;
  }
  const data = new FormData();
  data.set("decision", decision);
  const answer = await ask(card.dataset.undo, data);
  if (!answer.ok) return;
  last.card = null;
  add(answer.json.row, current);
  const back = document.getElementById(card.id);
  say(answer.json.said);
  if (back) {
    show(back, answer.json.said);
  } else {
    // What waits again may be the next version, which is another row.
    exhausted = false;
    more();
  }
}

// -- keys --------------------------------------------------------------------------

function opened() {
  return current?.querySelector("details.reasons[open]");
}

function letterKey(letter) {
  const button = current?.querySelector(
    `.decisions [data-letter="${CSS.escape(letter)}"], figcaption [data-letter="${CSS.escape(letter)}"]`,
  );
  if (!button) return false;
  const details = button.closest("details.reasons");
  if (details) {
    for (const other of current.querySelectorAll("details.reasons[open]")) {
      if (other !== details) other.open = false;
    }
    details.open = !details.open;
    const field = details.querySelector("input[name=why], select");
    field?.focus();
    // What stands there is an offer: typing replaces it.
    field?.select?.();
  } else {
    button.click();
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || keys.open) return;
  if (event.key === "Escape" && opened()) {
    opened().open = false;
    current.focus({ preventScroll: true });
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key(event)) event.preventDefault();
});

function key(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (digit && opened()) {
    opened().querySelector(`[data-digit="${digit}"]`)?.click();
    return true;
  }
  switch (event.key) {
    case "j": go(1); return true;
    case "k": go(-1); return true;
    case "x": skip(); return true;
    case "u": undo(); return true;
    case "m": mark(); return true;
    case "?": keys.showModal(); return true;
    default: return event.key.length === 1 && letterKey(event.key);
  }
}

function mark() {
  const box = current?.querySelector(".mark input");
  if (!box) return;
  box.checked = !box.checked;
  line(current).classList.toggle("marked", box.checked);
  const marked = cards.querySelectorAll(".mark input:checked").length;
  say(`${marked} marked.`);
}

// -- beginning -----------------------------------------------------------------------

async function showCounts() {
  const answer = await ask(desk.dataset.counts);
  if (!answer.ok) return;
  for (const tab of document.querySelectorAll("[data-list]")) {
    const [count, mine] = answer.json[tab.dataset.list] ?? ["0", 0];
    const badge = document.createElement("span");
    badge.className = "count";
    badge.textContent = mine ? `${count}, ${mine} mine` : count;
    tab.classList.toggle("quiet", count === "0");
    tab.append(" ", badge);
  }
}

if (cards) {
  document.body.classList.add("scripted");
  for (const card of all()) addLine(card);
  cards.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });
  cards.addEventListener("click", (event) => {
    if (event.target.closest("[data-act=skip]")) skip();
  });
  cards.addEventListener("change", (event) => {
    const box = event.target.closest(".mark input");
    if (box) line(box.closest(".card")).classList.toggle("marked", box.checked);
  });
  show(document.getElementById(`row-${cards.dataset.current}`) ?? all()[0]);
}
for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
document.getElementById("keys-open")?.addEventListener("click", () => keys.showModal());
showCounts();
