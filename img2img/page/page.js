"use strict";
const table = document.getElementById("rows");
const large = document.getElementById("large");

function sortBy(head) {  // the worst first; once more: the best; what has no figure always last
  const best = head.dataset.order === "worst", rises = head.dataset.rises === "yes";
  const cell = (body) => body.rows[0].cells[head.cellIndex];
  const value = (body) => Number(cell(body).dataset.v);
  const bodies = [...table.tBodies].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return isNaN(x) - isNaN(y) || (rises ? x - y : y - x) || a.id.slice(4) - b.id.slice(4);
  });
  bodies.forEach((body, i) => {
    const number = isNaN(value(body)) ? "–" : String(i + 1), rank = body.rows[0].cells[0];
    rank.firstChild.textContent = number;
    rank.title = `${number} of ${bodies.length}`;
    body.style.setProperty("--p", cell(body).style.getPropertyValue("--p") || "0");
  });
  const known = bodies.filter((body) => !isNaN(value(body)));
  table.append(...(best ? known.reverse() : known), ...bodies.slice(known.length));
  for (const other of table.tHead.rows[0].cells) {
    delete other.dataset.order;
    other.removeAttribute("aria-sort");
  }
  head.dataset.order = best ? "best" : "worst";
  head.setAttribute("aria-sort", best === rises ? "descending" : "ascending");
  const name = head.querySelector("button").firstChild.textContent;
  const [last, first] = head.dataset.rises ? ["best", "worst"] : ["smallest", "largest"];
  document.getElementById("order").textContent = `, ${best ? last : first} ${name} first`;
}

function find(event) {
  const part = event.target.value.toLowerCase(), bodies = [...table.tBodies];
  for (const body of bodies) body.hidden = !body.dataset.name.toLowerCase().includes(part);
  const found = bodies.filter((body) => !body.hidden).length;
  document.getElementById("found").textContent = `${found} of ${bodies.length}`;
}

let open = null;
function enlarge(body) {
  open = body;
  const said = [...body.querySelectorAll("[data-m]")].map((td) => `${td.dataset.m} ${td.innerText.trim()}`);
  large.firstChild.textContent = [body.dataset.name, ...said].join("   ");
  large.lastChild.replaceChildren(...[...body.querySelectorAll(".picture")].map((it) => it.cloneNode(true)));
  if (!large.open) large.showModal();
}

function turn(event) {
  const way = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
  let next = way && open[way];
  while (next && next.hidden) next = next[way];
  if (next && next.localName === "tbody") enlarge(next);
}

if (table) {
  document.documentElement.classList.add("live");
  for (const button of table.tHead.querySelectorAll("button")) button.onclick = () => sortBy(button.parentNode);
  for (const button of table.querySelectorAll(".shown button")) button.onclick = () => enlarge(button.closest("tbody"));
  document.getElementById("filter").oninput = find;
  large.onclick = () => large.close();
  large.onkeydown = turn;
}
