// The coding form of a task: words selected in the paragraph go into the form.

import { selectedWords } from "./words.js";

const words = document.getElementById("id_words");
const place = document.getElementById("id_place");
document.addEventListener("selectionchange", () => {
  const selected = selectedWords();
  if (!selected) return;
  words.value = selected.quote;
  if (place) place.value = selected.start;
});
