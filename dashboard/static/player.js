// Plays a scene of a lesson: parts with numbers that change step by step, all on one clock, by buttons and keys.
//
// data: parts [{title, about, link, lesson, tracks}], symbols (a label for each step), at, seconds, words, language; and, of a scene
// with a drawing, captions (a sentence for each step), diagram {width, height, alt, nodes, wires} and foot (tracks below every panel). With a drawing the clock goes
// part by part through each step: the lit part of the drawing is the one whose panel is open, and a click on it opens it.
// A track is bars (names × steps), a curve, a text a step, shades of the symbols, a letter to choose, a grid of weights, or a fold
// of tracks. What moves is moved by the stylesheet, which leaves it where the visitor wants no motion. Nothing is asked of the
// server but a way to a lesson, and what becomes of a line when a number is touched: `name.step.row.column=value`. Every number
// that may be touched is a button; beside each that moved stands a mark where it was.
const KEYS = { ArrowRight: "step", ArrowLeft: "back", " ": "play", k: "play", "+": "faster", "-": "slower", Home: "first", End: "last" };
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

const make = (tag, name = "", text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
const svg = (tag, attributes) => {
  const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => one.setAttribute(name, value));
  return one;
};

// Characters in a row, which breaks behind a space only.
const spread = (row, marks) => marks.forEach((mark) => row.append(mark, ...(mark.textContent === "␣" ? [make("wbr")] : [])));

const differs = (before, now) => before !== undefined && Math.abs(before - now) > 5e-4;

// A number that may be touched: a button that becomes a field, and tells what was typed.
function editable(className, name, { words, touch }) {
  const button = Object.assign(make("button", `touch ${className}`), { type: "button", title: words.change });
  button.onclick = () => {
    const field = Object.assign(make("input", `touch ${className}`), { type: "text", inputMode: "decimal", value: button.textContent });
    const close = (focus) => { field.onblur = null; field.replaceWith(button); if (focus) button.focus(); };
    field.setAttribute("aria-label", name());
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close(true);
      if (event.key !== "Enter") return;
      const value = parseFloat(field.value.replace("−", "-").replace(",", ".").replace(/[\s\u202f]/g, ""));
      close(true);
      if (Number.isFinite(value)) touch(button.place, Math.max(-9.99, Math.min(9.99, value)));
    };
    field.onblur = () => field.isConnected && close(false);
    button.replaceWith(field);
    field.select();
  };
  return button;
}

function bars({ names, values, before, limit, digits, touch, as_curves: coloured }, write, context) {
  const nameOf = (row, at) => (Array.isArray(names[row]) ? names[row][at] : names[row]);
  const box = make("div", "bars"), rows = names.map((_, row) => {
    const box = make("div", "row"), [name, track] = [make("span", "name"), make("span", "track")];
    const value = touch ? editable("value", () => name.textContent, context) : make("span", "value");
    const bar = track.appendChild(make("i", coloured ? `l${row % 6}` : "")), was = before && track.appendChild(make("b"));
    box.append(name, track, value);
    return { box, name, bar, was, value, row };
  });
  const all = before ? [...values, ...before] : values, signed = all.some((step) => step.some((value) => value < 0));
  box.append(...rows.map(({ box }) => box));
  box.classList.toggle("signed", signed);
  const at_ = (value) => Math.max(-1, Math.min(1, value / limit));
  return [box, (at) => rows.forEach(({ box, name, bar, was, value, row }) => {
    const now = values[at][row], old = before?.[at][row], moved = differs(old, now);
    name.textContent = nameOf(row, at);
    bar.style.transform = `scaleX(${at_(now)})`;
    bar.classList.toggle("negative", now < 0);
    value.textContent = write(now, digits);
    box.classList.toggle("moved", moved);
    if (was) Object.assign(was.style, { left: `${signed ? 50 + 50 * at_(old) : 100 * at_(old)}%`, display: moved ? "" : "none" });
    if (touch) value.place = { name: touch.name, step: touch.columns ? 0 : at + 1, row: touch.rows[row], column: touch.columns?.[at] ?? 0 };
    if (touch) value.setAttribute("aria-label", `${name.textContent} ${value.textContent}. ${context.words.change}`);
  })];
}

function letter({ values, options, touch }, _, context) {
  const box = make("select", "letter");
  options.forEach((symbol, place) => box.append(Object.assign(make("option", "", symbol), { value: place })));
  box.setAttribute("aria-label", context.words.letter);
  box.onkeydown = (event) => event.stopPropagation();
  let step = 0;
  box.onchange = () => context.touch({ name: touch.name, step: step + 1, row: 0, column: 0 }, +box.value);
  return [box, (at) => { step = at; box.value = values[at]; }];
}

function grid({ values, before, rows, columns, touch }, write, context) {
  const box = make("table", "grid"), head = box.createTHead().insertRow();
  head.append(make("td"), ...columns.map((name) => Object.assign(make("th", "", name), { scope: "col" })));
  values.forEach((row, r) => {
    const line = box.insertRow();
    line.append(Object.assign(make("th", "", rows?.[r] ?? `${r + 1}`), { scope: "row" }));
    row.forEach((value, c) => {
      const button = editable("", () => `${touch.name} ${r + 1}, ${c + 1}`, context), cell = line.insertCell();
      Object.assign(button, { textContent: write(value, 2), place: { name: touch.name, step: 0, row: touch.rows[r], column: c } });
      button.setAttribute("aria-label", `${touch.name} ${r + 1}, ${c + 1}: ${button.textContent}. ${context.words.change}`);
      cell.classList.toggle("moved", differs(before[r][c], value));
      cell.append(button);
    });
  });
  return [box, () => {}];
}

function fold({ label, tracks }, write, context) {
  const box = make("details", "fold"), inner = make("div", "folded"), draws = tracks.map((track) => place(track, inner, write, context));
  box.append(make("summary", "", label), inner);
  box.open = context.state.open ?? false;
  box.ontoggle = () => { context.state.open = box.open; };
  return [box, (at) => draws.forEach((draw) => draw(at))];
}

function place(track, into, write, context) {
  const figure = into.appendChild(make("div", `of-${track.kind}`)), [box, draw] = KINDS[track.kind](track, write, context);
  if (track.label && track.kind !== "fold") figure.append(make("p", "label", track.label));
  figure.append(box);
  return draw;
}

function curve({ names, values, top, bottom, ticks, x: across, first }, write) {
  const box = make("div", "curve"), picture = svg("svg", { viewBox: "0 0 300 120", preserveAspectRatio: "none", "aria-hidden": "true" });
  const line = (row, name) => picture.appendChild(svg("polyline", { class: `${name} l${row % 6}` }));
  const whole = names.map((_, row) => line(row, "line pale")), lines = names.map((_, row) => line(row, "line"));
  const legend = make("p", "legend"), labels = names.map((_, row) => legend.appendChild(make("span", `l${row % 6}`)));
  const x = (step) => 300 * step / Math.max(1, values.length - 1), share = (value) => (bottom ? Math.log(Math.max(value, bottom) / bottom) / Math.log(top / bottom) : value / top);
  const y = (value) => 118 - 116 * Math.min(share(value), 1);
  const draw = (to, row, at) => to.setAttribute("points", values.slice(0, at + 1).map((step, i) => `${x(i)},${y(step[row])}`).join(" "));
  whole.forEach((to, row) => draw(to, row, values.length));
  const up = make("div", "ticks"), along = make("p", "along");
  ticks.forEach(([value, text]) => { up.appendChild(make("span", "", text)).style.bottom = `${(120 - y(value)) / 1.2}%`; });
  [first, across, first + values.length - 1].forEach((text) => along.append(make("span", "", text)));
  box.append(up, picture, along, legend);
  return [box, (at) => names.forEach((name, row) => {
    draw(lines[row], row, at);
    labels[row].textContent = `${name} ${write(values[at][row], 3)}`;
  })];
}

function text({ values }) {
  const wide = values[0].includes("\n"), box = make("p", wide ? "text table" : "text");
  if (wide) Object.assign(box, { tabIndex: 0, onkeydown: (event) => event.stopPropagation() });  // arrows scroll it
  return [box, (at) => { box.textContent = values[at]; }];
}

function shades({ symbols, values }, write) {
  const box = make("p", "shades"), marks = symbols.map((symbol) => make("span", "", symbol));
  spread(box, marks);
  box.lang = "fr";
  return [box, (at) => marks.forEach((mark, place) => {
    const share = values[at][place] ?? 0;
    mark.style.setProperty("--share", `${100 * share}%`);
    mark.title = write(share, 3);
  })];
}

// The drawing of a scene: nodes and wires, each of one part. Values are those of the step; a bead runs along the wires that are lit.
function diagram({ width, height, alt, nodes, wires }, write, { words, open }) {
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "diagram", role: "group", "aria-label": alt });
  const text = (into, x, y, name, content = "") => Object.assign(into.appendChild(svg("text", { x, y, class: name })), { textContent: content });
  const shown = (value, digits) => (typeof value === "number" ? write(value, digits) : value ?? "");
  const lines = wires.map(({ d, part, values, x, y, label = "", loop, when }) => {
    const group = picture.appendChild(svg("g", { class: loop ? "wire loop" : "wire" })), path = group.appendChild(svg("path", { d, "marker-end": "url(#tip)" }));
    group.append(svg("path", { d, style: "stroke: transparent; stroke-width: 14" }));  // as wide as a finger needs
    group.onclick = () => open(part);
    return { group, path, part, when, values, label, number: values && text(group, x, y, "number") };
  });
  const tip = svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" });
  tip.append(svg("path", { d: "M0 0 L8 4 L0 8 z" }));
  picture.prepend(tip);
  const boxes = nodes.map(({ x, y, w, h, part, kind, label, above, beside, values, when }) => {
    const group = picture.appendChild(svg("g", { class: `node ${kind}`, role: "button", tabindex: 0, "aria-description": words.open })), rows = kind === "vector" ? values[0].length : 0;
    group.append(kind === "op" || kind === "letter" ? svg("circle", { cx: x, cy: y, r: w / 2 }) : svg("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: kind === "state" ? h / 2 : 3 }));
    const cells = Array.from({ length: rows }, (_, row) => {
      const top = y - h / 2 + row * h / rows, cell = group.appendChild(svg("rect", { x: x - w / 2, y: top, width: w, height: h / rows, class: "cell" }));
      return [cell, text(group, x, top + h / rows / 2 + 5, "number")];
    });
    const own = { letter: [x + w / 2 + 24, y + 5], guess: [x - w / 2 - 10, y + 5], vector: [x + w / 2 + 27, y + h / 2 + 9] }[kind] ?? [x, y - h / 2 - 7];
    if (above) text(group, ...(beside ?? own), "above", above);
    if (label) text(group, x, values && !rows ? y - 4 : y + 5, "name", label);
    const number = values && !rows && text(group, x, label ? y + 14 : y + 5, "number");
    group.onclick = () => open(part);
    group.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      open(part);
    };
    return { group, part, when, cells, number, values };
  });
  const beads = [];
  const run = (path, seconds) => {
    const bead = picture.appendChild(svg("circle", { r: 5, class: "bead" })), length = path.getTotalLength(), start = performance.now();
    beads.push(bead);
    const move = (now) => {
      const share = Math.min(1, (now - start) / 1000 / seconds), { x, y } = path.getPointAtLength(share * length);
      bead.setAttribute("transform", `translate(${x} ${y})`);
      if (share < 1 && bead.isConnected) requestAnimationFrame(move);
      else bead.remove();
    };
    requestAnimationFrame(move);
  };
  return [picture, (at, part, walks, seconds) => {
    beads.splice(0).forEach((bead) => bead.remove());
    [...lines, ...boxes].forEach((each) => {
      each.lit = each.part === part && (each.when?.[at] ?? true);
      each.group.classList.toggle("lit", each.lit);
      each.group.classList.toggle("later", walks && each.part > part);
    });
    lines.forEach(({ number, values, label }) => { if (number) number.textContent = label + shown(values[at], 2); });
    boxes.forEach(({ cells, number, values }) => {
      if (number) number.textContent = shown(values[at], 2);
      cells.forEach(([cell, own], row) => {
        const value = values[at][row];
        own.textContent = shown(value, 2);
        cell.classList.toggle("negative", value < 0);
        cell.style.setProperty("--share", `${Math.round(100 * Math.min(1, Math.abs(value) || 0))}%`);
      });
    });
    if (!walks || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    lines.filter(({ lit }) => lit).forEach(({ path }) => run(path, 0.75 * seconds));
  }];
}

const KINDS = { bars, curve, text, shades, letter, grid, fold };

function table({ parts, foot, symbols, words, backwards }, write) {
  const numeric = [...parts, { tracks: foot }].flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === "bars" || kind === "curve"));
  const columns = numeric.flatMap(({ names, values, digits }) => names.map((name, row) => ({ name, row, values, digits })));
  const box = make("table"), head = box.createTHead().insertRow(), body = box.createTBody();
  ["", ...columns.map(({ name }) => (Array.isArray(name) ? "" : name))].forEach((name) => head.append(make("th", "", name)));
  symbols.forEach((symbol, at) => {
    const row = body.insertRow();
    row.append(make("th", "", `${backwards ? symbols.length - at : at + 1} ${symbol}`));
    columns.forEach(({ name, row: which, values, digits }) => {
      row.insertCell().textContent = (Array.isArray(name) ? `${name[at]} ` : "") + write(values[at][which], digits ?? 3);
    });
  });
  box.setAttribute("aria-label", words.table);
  return box;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".player"), { parts, symbols, words } = data;
  const state = (parentElement.playing ??= { at: data.at, speed: 1, timer: 0, scene: "", part: 0, walks: false });
  const scene = JSON.stringify([symbols.length, parts.map(({ title }) => title)]);
  if (state.scene !== scene) Object.assign(state, { at: Math.min(data.at, symbols.length - 1), scene, part: data.part ?? 0, walks: false });
  const forms = {};
  const write = (value, digits = 2) => (forms[digits] ??= new Intl.NumberFormat(data.language,
    { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);
  const draws = [], last = symbols.length - 1, phases = data.diagram ? parts.length : 1;
  const touch = ({ name, step, row, column }, value) => {
    stop();
    state.touched = [name, step, row, column].join(".");
    setTriggerValue("touch", `${state.touched}=${value}`);
  };
  const context = { words, state, touch };

  const controls = make("div", "controls"), buttons = {};
  for (const name of ["back", "play", "step", "slower", "faster"]) {
    buttons[name] = controls.appendChild(make("button", name, words[name]));
    Object.assign(buttons[name], { type: "button", onclick: () => act(name) });
  }
  const clock = Object.assign(make("input"), { type: "range", min: 0, max: last, oninput: () => { stop(); rest(+clock.value); } });
  clock.setAttribute("aria-label", words.clock);
  const status = make("span", "status"), strip = make("p", "strip"), marks = symbols.map((symbol) => make("span", "", symbol));
  const numberOf = (at) => (data.backwards ? last - at : at) + 1;
  spread(strip, data.backwards ? marks.toReversed() : marks);
  clock.style.direction = data.backwards ? "rtl" : "";
  strip.lang = "fr";
  strip.hidden = symbols.some((each) => each.length > 1);  // a line is read in its strip; numbers need none
  strip.setAttribute("aria-hidden", "true");
  marks.forEach((mark, at) => {
    mark.classList.toggle("moved", (data.moved[at] ?? 0) > 0.005);
    mark.style.setProperty("--moved", `${Math.round(100 * Math.min(1, 2 * (data.moved[at] ?? 0)))}%`);
  });
  marks.forEach((mark, at) => { mark.onclick = () => { stop(); rest(at); }; });
  controls.append(clock, status);
  const changed = make("p", "changed", data.touches?.length ? `${words.changed} ${data.touches.join(", ")} ` : data.touches ? words.touch : "");
  if (data.touches?.length) {
    const back = Object.assign(make("button", "reset", words.reset), { type: "button" });
    back.onclick = () => { state.touched = ""; setTriggerValue("touch", "reset"); };
    changed.append(back);
  }
  changed.setAttribute("role", "status");

  const boxes = make("div", data.diagram ? "panel" : `parts ${{ 1: "alone", 2: "two" }[parts.length] ?? ""}`), stage = make("div", "stage"), foot = make("div", "foot");
  data.foot.forEach((track) => draws.push(place(track, foot, write, context)));
  const panels = [], open = (part) => { stop(); rest(state.at, part); };
  const [picture, drawPicture] = data.diagram ? diagram(data.diagram, write, { words, open }) : [];
  const caption = make("p", "caption");
  parts.forEach(({ title, about, link, lesson, tracks }, number) => {
    const part = make("section", "part");
    panels.push(part);
    if (title) part.append(make(data.diagram ? "h2" : "h3", "", data.diagram ? `${number + 1} ${title}` : title));
    if (about && data.diagram) part.append(make("p", "about", about));
    tracks.forEach((track) => {
      draws.push(place(track, part, write, context));
    });
    if (about && !data.diagram) part.append(make("p", "about", about));
    if (lesson) {
      const way = Object.assign(make("a", "", link), { href: lesson });
      way.onclick = (event) => { event.preventDefault(); setTriggerValue("go", lesson); };
      part.append(way);
    }
    boxes.append(part);
  });
  const numbers = make("details", "numbers");
  numbers.append(make("summary", "", words.table));
  numbers.ontoggle = () => { if (numbers.open && !numbers.querySelector("table")) numbers.append(table(data, write)); };

  const seconds = () => data.seconds / state.speed;
  const rest = (at, part = state.part) => { state.walks = false; show(at, part); };  // all numbers of the step, without motion
  function show(at, part = state.part) {
    Object.assign(state, { at: Math.max(0, Math.min(last, at)), part });
    draws.forEach((draw) => draw(state.at));
    drawPicture?.(state.at, part, state.walks, seconds());
    if (data.diagram) panels.forEach((panel, number) => panel.classList.toggle("now", number === part));
    caption.textContent = data.captions?.[state.at] ?? "";
    marks.forEach((mark, place) => mark.classList.toggle("now", place === state.at));
    Object.assign(clock, { value: state.at, ariaValueText: `${numberOf(state.at)} ${symbols[state.at]}` });
    const place = { step: numberOf(state.at), last: last + 1, part: part + 1, parts: phases };
    const named = words[phases === 1 ? "step_of" : strip.hidden ? "word_of" : "letter_of"];
    status.textContent = (phases === 1 && strip.hidden ? symbols[state.at] : named.replace(/\{(\w+)\}/g, (_, name) => place[name]))
      + (state.speed === 1 ? "" : ` · ×${state.speed}`);
    buttons.back.disabled = state.at === 0 && part === 0;
    buttons.step.disabled = isEnd();
  }
  function stop() {
    clearTimeout(state.timer);
    state.timer = 0;
    buttons.play.textContent = words.play;
  }
  const isEnd = () => state.at === last && state.part === phases - 1;
  function walk(by) {  // to the next part, or the one before, of this step or of the one beside it
    const place = state.at * phases + state.part + by;
    state.walks = true;
    show(Math.floor(place / phases), place % phases);
  }
  function tick() {
    if (isEnd() || !root.isConnected) return stop();
    walk(1);
    state.timer = setTimeout(tick, 1000 * seconds());
  }
  function act(name) {
    const at = SPEEDS.indexOf(state.speed);
    if (name === "slower" || name === "faster") {
      state.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + (name === "faster" ? 1 : -1)))];
      return show(state.at);
    }
    const plays = state.timer !== 0;
    stop();
    if (name === "play" && !plays) {
      buttons.play.textContent = words.pause;
      state.walks = true;
      const isNarrow = root.offsetWidth < 736;  // 46rem, where a panel is below its drawing: seen from the buttons down
      (isNarrow ? root : data.diagram ? stage : boxes).scrollIntoView({ block: isNarrow ? "start" : "nearest" });
      show(isEnd() ? 0 : state.at, phases > 1 && isEnd() ? 0 : state.part);
      state.timer = setTimeout(tick, 1000 * seconds());
    } else if (name === "step" || name === "back") {
      if (!buttons[name].disabled) walk(name === "step" ? 1 : -1);
    } else if (name !== "play") rest({ first: 0, last }[name]);
  }
  root.onkeydown = (event) => {
    const name = KEYS[event.key], on = event.composedPath()[0];
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && /^(BUTTON|SUMMARY|A)$/.test(on.tagName)) return;  // their own key
    event.preventDefault();
    act(name);
  };
  stop();
  const aside = make("div"), more = [boxes, foot, ...(data.touches ? [changed] : []), numbers];
  aside.append(...(picture ? more : []));
  stage.append(...(picture ? [picture, aside] : []));
  root.replaceChildren(controls, strip, ...(data.captions ? [caption] : []), ...(picture ? [stage] : more));
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", words.keys);
  show(state.at);
  root.getRootNode().host?.closest('[class*="st-key-scene-"]')?.setAttribute("data-drawn", "");  // its place is its own height now
  const own = ({ place }) => place && [place.name, place.step, place.row, place.column].join(".") === state.touched;
  if (state.touched) [...root.querySelectorAll("button.touch")].find(own)?.focus({ preventScroll: true });
  return stop;
}
