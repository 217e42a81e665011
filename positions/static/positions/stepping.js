// A page of parts that are decided one by one: j and k go from part to part, a letter
// presses the button of the part one is at that shows it.
//
// Which parts those are stands in the page (data-steps), and so does each key.

import { typing } from "./ask.js";

const page = document.querySelector("[data-steps]");
const parts = () => [...page.querySelectorAll(page.dataset.steps)];
const open = (part) => part.matches(page.dataset.open ?? "*") && part.querySelector("[data-key]");
let current = null;
// The decision that was asked for and still needs its reason.
let asked = null;

function stand(part) {
  if (!part) return;
  current?.classList.remove("standing");
  current = part;
  current.classList.add("standing");
  current.tabIndex = -1;
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
}

function go(way) {
  const all = parts();
  stand(all[all.indexOf(current) + way] ?? current ?? all[0]);
}

for (const button of page.querySelectorAll("[data-key]")) {
  const key = document.createElement("kbd");
  key.textContent = button.dataset.key;
  key.setAttribute("aria-hidden", "true");
  button.append(" ", key);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && asked && event.target === asked.form?.elements.why) {
    event.preventDefault();
    asked.click();
    return;
  }
  if (typing(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") {
    go(event.key === "j" ? 1 : -1);
    event.preventDefault();
    return;
  }
  const wanted = `[data-key="${CSS.escape(event.key)}"]`;
  const button = current?.querySelector(wanted)
    ?? [...page.querySelectorAll(wanted)].find((one) => !one.closest(page.dataset.steps));
  if (!button) return;
  event.preventDefault();
  // What needs a reason is asked for it first.
  const why = button.hasAttribute("data-asks") && button.form.elements.why;
  if (why && !why.value.trim()) {
    asked = button;
    why.focus();
  } else {
    button.click();
  }
});

// After a decision the page comes back at it: on to the next that is open.
const named = document.getElementById(location.hash.slice(1));
const all = parts();
const from = all.findIndex((part) => named && (part === named
  || named.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING));
stand(all.slice(Math.max(from, 0)).find(open) ?? all.find(open));
