// Asking the server without leaving the page; what it says stands in one live place.

const said = () => document.getElementById("desk-said");

export function say(words, { fault = false } = {}) {
  const place = said();
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("fault", fault);
  place.classList.toggle("shown", Boolean(words));
}

// The cookie is newer than the page where somebody signed in again in another tab.
const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
  ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value
  ?? "";

// The answer of a request: {ok, status, json | html}. A session that has ended, a
// server that cannot be reached and a fault of ours are all told in a sentence.
export async function ask(address, data) {
  const asked = { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" };
  if (data) {
    asked.method = "POST";
    asked.body = data;
    asked.headers["X-CSRFToken"] = token();
  }
  let answer;
  try {
    answer = await fetch(address, asked);
  } catch {
    say("The server cannot be reached. Nothing is lost: try again.", { fault: true });
    return { ok: false, status: 0 };
  }
  const type = answer.headers.get("content-type") ?? "";
  const told = { ok: answer.ok, status: answer.status };
  if (type.includes("json")) told.json = await answer.json();
  else told.html = await answer.text();
  if (answer.status === 401 || answer.redirected) {
    told.ok = false;
    say(told.json?.error ?? "Your session has ended. Sign in in another tab, then try "
      + "again: nothing you typed is lost.", { fault: true });
  } else if (told.json?.error) {
    say(told.json.error, { fault: true });
  } else if (!answer.ok && answer.status !== 422) {
    say(`It did not work (${answer.status}). Nothing is lost: try again.`, { fault: true });
  }
  return told;
}

// Whether a key is being typed as text into a field.
export function typing(target) {
  return target.closest?.(
    "textarea, select, [contenteditable], .select2-container, "
    + "input:not([type=radio], [type=checkbox], [type=button], [type=submit])",
  );
}
