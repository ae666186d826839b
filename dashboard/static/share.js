/* Charts as pictures to share: the chart as it stands on the page, on paper, with its finding, source and address.
   One listener for the whole document; whatever bears data-share opens the dialog. Nothing is asked of another host. */
const SIZES = { square: [1080, 1080], story: [1080, 1920], wide: [1200, 630] };
const FACES = [["bricolage-grotesque-latin-opsz-normal", /./], ["bricolage-grotesque-latin-ext-opsz-normal", /[\u0100-\u024f]/]];
const FAMILY = '"Bricolage Grotesque", sans-serif';
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data }) {
  const known = window.seizeShare;
  window.seizeShare = data;
  if (known) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    if (button) openDialog(button, window.seizeShare);
  });
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/* The dialog: a preview, three shapes, two files. */
async function openDialog(button, words) {
  const plot = document.querySelector(`.st-key-figure-${CSS.escape(button.dataset.share)} .js-plotly-plot`);
  if (!plot) return;
  const preview = element("img", { alt: button.dataset.title });
  const dialog = element("dialog", { class: "share-dialog", "aria-label": words.share });
  let picture = null;
  const show = async (shape) => {
    for (const each of shapes.children) each.setAttribute("aria-pressed", each.dataset.shape === shape);
    picture = { shape, text: await draw(plot, button.dataset.title, words.source, shape) };
    preview.src = address(picture.text);
  };
  const shapes = element("div", { role: "group", "aria-label": words.shape });
  for (const shape of Object.keys(SIZES)) {
    const choice = element("button", { type: "button", "data-shape": shape }, words[shape]);
    choice.addEventListener("click", () => show(shape));
    shapes.append(choice);
  }
  const save = (suffix, blob) => () => blob(picture).then((made) => {
    const link = element("a", { href: URL.createObjectURL(made), download: `${button.dataset.name}-${picture.shape}.${suffix}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  const files = element("div", {});
  for (const [label, blob] of [["PNG", toPng], ["SVG", toSvg]]) {
    const file = element("button", { type: "button", class: "file" }, label);
    file.addEventListener("click", save(label.toLowerCase(), blob));
    files.append(file);
  }
  const close = element("button", { type: "button" }, words.close);
  close.addEventListener("click", () => dialog.close());
  files.append(close);
  dialog.append(shapes, preview, files);
  dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
  document.querySelector(".stApp").append(dialog);
  dialog.showModal();
  await show("square");
}

const address = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
const toSvg = async (picture) => new Blob([picture.text], { type: "image/svg+xml" });

async function toPng({ text, shape }) {
  const [width, height] = SIZES[shape];
  const image = new Image(width, height);
  image.src = address(text);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/* The picture as the text of an SVG. */
async function draw(plot, title, source, shape) {
  const [width, height] = SIZES[shape];
  const margin = shape === "wide" ? 64 : 84, inner = width - 2 * margin, size = { square: 44, story: 56, wide: 36 }[shape];
  const ink = inks("paper", "ink", "grey", "accent");
  const svg = node("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "font-family": FAMILY });
  svg.append(node("title", {}, title), node("rect", { width, height, fill: ink.paper }));
  let y = margin + size * 0.6;
  for (const line of wrapped(title, size, inner)) {
    svg.append(node("text", { x: margin, y, "font-size": size, "font-weight": 700, fill: ink.ink }, line));
    y += size * 1.2;
  }
  const foot = height - margin;
  svg.append(chart(plot, margin, y - size * 0.4, inner, foot - 74 - (y - size * 0.4)));
  for (let bar = 0; bar < 16; bar += 1) {
    const x = margin + bar * 12 + Math.floor(bar / 4) * 9;
    svg.append(node("rect", { x, y: foot - 30, width: 7, height: 30, fill: ink.accent }));
  }
  const said = (text, at, weight, fill) =>
    node("text", { x: width - margin, y: at, "font-size": 24, "font-weight": weight, fill, "text-anchor": "end" }, text);
  const isOwn = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|[^.]+$|.*\.(local|internal|lan)$)/.test(location.hostname);
  const address = isOwn ? "" : location.host + location.pathname + location.search;  // as `is_public` in share.py
  const where = shortened(readable(address), 24, inner - 290);
  svg.append(said(source, foot - 38, 600, ink.ink), said(where, foot, 400, ink.grey));
  const drawn = new XMLSerializer().serializeToString(svg);
  return drawn.replace(/(<svg[^>]*>)/, `$1<style>${await faces(drawn)}</style>`);
}

/* The chart itself: the layers that were drawn, without those that only answer the mouse. */
function chart(plot, x, y, width, height) {
  const layers = [...plot.querySelectorAll(".main-svg")];
  const own = layers[0].getBoundingClientRect();
  const tall = own.height / own.width > (1.4 * height) / width;
  const fit = tall ? "xMidYMin slice" : "xMidYMid meet";
  const view = { x, y, width, height, viewBox: `0 0 ${own.width} ${own.height}`, preserveAspectRatio: fit };
  const frame = node("svg", view);
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(".draglayer, .hoverlayer, .modebar, .zoomlayer").forEach((each) => each.remove());
    frame.append(copy);
  }
  return frame;
}

/* An address as people read it; as it stands where its escapes are broken. */
function readable(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/* Colours of the page in the theme of the moment. */
function inks(...names) {
  const probe = document.querySelector(".stApp").appendChild(element("i"));
  const found = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

const pen = document.createElement("canvas").getContext("2d");

function measure(text, size, weight = 700) {
  pen.font = `${weight} ${size}px ${FAMILY}`;
  return pen.measureText(text).width;
}

function shortened(text, size, room) {
  if (measure(text, size, 400) <= room) return text;
  let end = text.length;
  while (end && measure(`${text.slice(0, end)}…`, size, 400) > room) end -= 1;
  return `${text.slice(0, end)}…`;
}

function wrapped(text, size, room) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (measure(longer, size) <= room || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 4);
}

async function faces(text) {
  const wanted = FACES.filter(([, letters]) => letters.test(text));
  const rules = await Promise.all(wanted.map(async ([name]) => {
    const bytes = new Uint8Array(await (await fetch(`app/static/fonts/${name}.woff2`)).arrayBuffer());
    const code = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    return `@font-face{font-family:"Bricolage Grotesque";font-weight:200 800;src:url(data:font/woff2;base64,${code}) format("woff2")}`;
  }));
  return rules.reverse().join("");
}
