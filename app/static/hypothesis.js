// The hypothesis as it reads while it is being written. Without this file a button shows it.
// The words are the server's own (app/domain/hypotheses.py), so that both say the same; remarks
// are the server's as well, taken from the page that the button would show.

const box = document.querySelector("[data-hypothesis]");

function tidy(name, text, words) {
  let plain = text.trim().replace(/[.;,]+$/, "").trim();
  for (const begins of words.already[name]) plain = plain.replace(new RegExp(`^${begins}\\s+`, "i"), "");
  const first = plain.split(" ", 1)[0];
  return words.small.includes(first.toLowerCase()) ? first.toLowerCase() + plain.slice(first.length) : plain;
}

function said(form, slots, words) {
  if (!Object.keys(words.already).some((name) => slots[name])) return null;
  const part = (name) => {
    const slot = tidy(name, slots[name], words);
    return slot && words.parts[`${form}.${name}`].replace("[slot]", () => slot);
  };
  const core = (name) => tidy(name, slots[name], words) || "…";
  return words.whole[`${form}.${slots.direction}`].replace(/\[(\w+)\]/g, (_all, name) =>
    name === "change" || name === "outcome" ? core(name) : part(name));
}

function show() {
  const words = {};
  for (const name of ["whole", "parts", "already", "small"]) words[name] = JSON.parse(box.dataset[name]);
  const fields = box.closest("form").elements;
  const slots = { direction: fields.direction.value };
  for (const name of Object.keys(words.already)) slots[name] = fields[name].value;
  for (const line of box.querySelectorAll("[data-preview]")) {
    const unwritten = line.dataset.preview === "believed" ? fields.free_text?.value ?? box.dataset.nothing : "";
    line.textContent = said(line.dataset.preview, slots, words) ?? unwritten;
  }
}

let asking = new AbortController();
let waiting;

async function remark() {
  const form = box.closest("form");
  const typed = new FormData(form);
  typed.set("preview", "1");
  asking.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.action, { method: "POST", body: typed, signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = document.getElementById("remarks");
    const found = page.getElementById("remarks");
    if (found && found.textContent !== list.textContent) list.replaceChildren(...found.children);
  } catch {
    // Typed on meanwhile, or offline: the button still shows them.
  }
}

if (box) {
  box.closest("form").addEventListener("input", () => {
    show();
    clearTimeout(waiting);
    waiting = setTimeout(remark, 700);
  });
  show();
}
