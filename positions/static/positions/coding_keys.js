// Keys of the coding form: a number for an option, a letter for a disposition.
//
// Which label has which key stands in the form (data-keys, data-letter) and is shown
// beside it. Plain numbers choose one option alone, with Ctrl one more; with Shift
// they choose the speaker, with Alt an actor.

import { typing } from "./ask.js";

const SIGNS = { "": "", shift: "⇧", alt: "⌥" };

export function showKeys(form) {
  for (const group of form.querySelectorAll("[data-keys]")) {
    [...group.querySelectorAll("label")].slice(0, 10).forEach((label, index) => {
      const digit = String((index + 1) % 10);
      label.dataset.digit = digit;
      const key = document.createElement("kbd");
      key.textContent = SIGNS[group.dataset.keys] + digit;
      key.setAttribute("aria-hidden", "true");
      label.append(" ", key);
    });
  }
}

const digitOf = (event) => /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];

function byDigit(form, keys, digit) {
  return form.querySelector(`[data-keys="${keys}"] label[data-digit="${digit}"] input`);
}

function choose(form, event, digit) {
  if (event.shiftKey || event.altKey) {
    const box = byDigit(form, event.shiftKey ? "shift" : "alt", digit);
    if (!box) return false;
    box.checked = box.type === "radio" ? true : !box.checked;
    return true;
  }
  const box = byDigit(form, "", digit);
  if (!box) return false;
  if (event.ctrlKey || event.metaKey) {
    box.checked = !box.checked;
  } else {
    for (const other of form.querySelectorAll("[name=options]")) {
      other.checked = other === box;
    }
  }
  box.scrollIntoView({ block: "nearest" });
  return true;
}

// Whether the key meant something to the form; `save` presses its first button.
export function codingKey(form, event, save) {
  const { target, key } = event;
  const wanted = event.ctrlKey || event.metaKey;
  if (key === "Enter" && (wanted || !typing(target))) {
    if (!wanted && target.closest("button, a, summary")) return false;
    save();
    return true;
  }
  if (typing(target)) return false;
  const digit = digitOf(event);
  if (digit) return choose(form, event, digit);
  if (wanted || event.altKey || key.length > 1) return false;
  const label = form.querySelector(`[data-letter="${CSS.escape(key.toLowerCase())}"]`);
  if (!label) return false;
  label.querySelector("input").checked = true;
  label.scrollIntoView({ block: "nearest" });
  return true;
}
