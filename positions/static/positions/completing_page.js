// Every page of the admin with fields that complete names.

import { nameBox, nameCompleting, nameOf } from "./completing.js";

const $ = window.django.jQuery;
// Django's script, which is before this one, makes the fields when the document is
// ready, and those of added rows.
$(() => nameCompleting(document));
document.addEventListener("formset:added", (event) => nameCompleting(event.target));
$(document).on("select2:open", (event) => {
  const name = nameOf(event.target);
  const open = document.querySelector(".select2-container--open .select2-dropdown");
  if (name && open) nameBox(open, name);
});
