// Words of a paragraph: from what is selected on the page to offsets, and back.
//
// Offsets count Unicode code points of the paragraph's text. Labels that the page
// puts between the words (data-aside) are no part of it.

function* textNodes(text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("[data-aside]")
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) yield walker.currentNode;
}

const points = (string) => [...string].length;

export function textOf(text) {
  return [...textNodes(text)].map((node) => node.data).join("");
}

function offsetOf(text, container, offset) {
  const place = document.createRange();
  place.setStart(container, offset);
  let count = 0;
  for (const node of textNodes(text)) {
    if (node === container) return count + points(node.data.slice(0, offset));
    if (place.comparePoint(node, node.length) > 0) return count;
    count += points(node.data);
  }
  return count;
}

// What is selected in one paragraph: {article, start, end, quote}, or null.
// A selection over several counts in the first; blanks at its ends do not count.
export function selectedWords() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const articles = [...document.querySelectorAll("article.paragraph")];
  const article = articles.find((one) =>
    range.intersectsNode(one.querySelector(".text")));
  if (!article) return null;
  const text = article.querySelector(".text");
  const whole = [...textOf(text)];
  const inside = (node) => text.contains(node);
  let start = inside(range.startContainer)
    ? offsetOf(text, range.startContainer, range.startOffset) : 0;
  let end = inside(range.endContainer)
    ? offsetOf(text, range.endContainer, range.endOffset) : whole.length;
  while (start < end && !whole[start].trim()) start += 1;
  while (end > start && !whole[end - 1].trim()) end -= 1;
  if (start === end) return null;
  return { article, start, end, quote: whole.slice(start, end).join("") };
}

function placeAt(text, offset) {
  let left = offset;
  let last = null;
  for (const node of textNodes(text)) {
    const length = points(node.data);
    if (left <= length) return [node, [...node.data].slice(0, left).join("").length];
    left -= length;
    last = node;
  }
  return [last, last.length];
}

// Select [start, end) of a paragraph's text on the page.
export function selectWords(article, start, end) {
  const text = article.querySelector(".text");
  const range = document.createRange();
  range.setStart(...placeAt(text, start));
  range.setEnd(...placeAt(text, end));
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
}

// The words or sentences of a paragraph as [start, end) in code points.
export function units(article, granularity) {
  const text = article.querySelector(".text");
  const whole = textOf(text);
  const locale = text.closest("[lang]")?.lang || undefined;
  let cutter;
  try {
    cutter = new Intl.Segmenter(locale, { granularity });
  } catch {
    cutter = new Intl.Segmenter(undefined, { granularity });
  }
  const found = [];
  let at = 0;
  for (const { segment, isWordLike } of cutter.segment(whole)) {
    const length = points(segment);
    const kept = segment.trimEnd();
    if (granularity === "word" ? isWordLike : kept) {
      const lead = points(segment) - points(segment.trimStart());
      found.push([at + lead, at + points(kept)]);
    }
    at += length;
  }
  return found;
}

// Select the next (way 1) or previous (-1) unit; with `more`, move the end instead.
export function step(article, granularity, way, more) {
  const all = units(article, granularity);
  if (!all.length) return;
  const now = selectedWords();
  const here = now && now.article === article ? now : null;
  if (!here) {
    selectWords(article, ...all[way > 0 ? 0 : all.length - 1]);
    return;
  }
  if (more) {
    const end = way > 0
      ? all.find((unit) => unit[1] > here.end)?.[1] ?? here.end
      : all.findLast((unit) => unit[1] < here.end && unit[1] > here.start)?.[1] ?? here.end;
    selectWords(article, here.start, end);
    return;
  }
  const next = way > 0
    ? all.find((unit) => unit[0] > here.start) ?? all.at(-1)
    : all.findLast((unit) => unit[0] < here.start) ?? all[0];
  selectWords(article, ...next);
}
