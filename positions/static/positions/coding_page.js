// The coding form as a page of its own: the same keys as beside the text.

import { codingKey, showKeys } from "./coding_keys.js";

const form = document.querySelector("form.coding");
showKeys(form);
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const save = () => form.requestSubmit(form.querySelector("[name=save]"));
  if (codingKey(form, event, save)) event.preventDefault();
});
