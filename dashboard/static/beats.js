// Plays a verse in time: a row of sixteen steps a bar, a click on each beat, the step that is due lit.
//
// data: bars (lists of [step, letters, stressed, rhymes]), slowest, fastest, tempo (beats a minute), beat (steps of one), words,
// language. Sounds are made here, when Play is pressed; nothing is asked of the server.
const STEPS = 16, AHEAD = 0.12, LONGEST_TAP = 2;  // seconds that clicks are set ahead; between two taps of one tempo

const make = (tag, name = "", text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });

function grid({ bars, beat, words }) {
  const box = make("div", "grid"), cells = [];
  bars.forEach((bar, number) => {
    const row = box.appendChild(make("div", bar.length ? "bar" : "bar silent"));
    row.setAttribute("role", "img");
    row.setAttribute("aria-label", `${words.bar.replace("{bar}", number + 1)}: ${bar.map(([, letters]) => letters).join(" · ")}`);
    for (let step = 0; step < STEPS; step++) {
      const cell = row.appendChild(make("span", step % beat ? "step" : "step on-beat")), here = bar.filter(([at]) => Math.floor(at) === step);
      cell.append(...here.map(([, letters, stressed, rhymes]) => make(stressed ? "b" : "span", rhymes ? "rhymes" : "", letters)));
      cells.push(cell);
    }
  });
  return [box, cells];
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".beat-player"), { bars, words, beat } = data;
  const state = (parentElement.beating ??= { tempo: data.tempo, click: true, taps: [], stop: () => {} });
  state.stop();
  const [box, cells] = grid(data), controls = make("div", "controls"), write = new Intl.NumberFormat(data.language, { maximumFractionDigits: 1 });
  const play = controls.appendChild(Object.assign(make("button", "play", words.play), { type: "button", disabled: !bars.length }));
  const label = controls.appendChild(make("label", "", words.tempo));
  const tempo = label.appendChild(Object.assign(make("input"), { type: "range", min: data.slowest, max: data.fastest, value: state.tempo }));
  const tap = controls.appendChild(Object.assign(make("button", "tap", words.tap), { type: "button" }));
  const mute = controls.appendChild(make("label", "mute")), click = mute.appendChild(Object.assign(make("input"), { type: "checkbox", checked: state.click }));
  mute.append(words.click);
  const status = controls.appendChild(make("span", "status"));
  const seconds = () => 60 / state.tempo / beat;  // of a step

  function show() {
    const said = bars.reduce((sum, bar) => sum + bar.length, 0), length = bars.length * STEPS * seconds();
    const values = { tempo: state.tempo, speed: write.format(length ? said / length : 0) };
    status.textContent = words.speed.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    Object.assign(tempo, { value: state.tempo, ariaValueText: `${state.tempo}` });
  }
  function set(value) {
    state.tempo = Math.max(data.slowest, Math.min(data.fastest, Math.round(value)));
    show();
  }
  function sound(audio, at, first) {
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = first ? 1320 : 880;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.05);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.06);
  }
  function start() {
    const audio = new AudioContext(), due = [];
    let step = -STEPS, next = audio.currentTime + 0.1, frame = 0, timer = 0;  // a bar of clicks first
    const light = (cell) => {
      cells.forEach((each) => each.classList.toggle("now", each === cell));
      for (const row of box.children) row.classList.toggle("playing", row === cell?.parentElement);
    };
    const plan = () => {
      while (next < audio.currentTime + AHEAD) {
        if (step >= cells.length) return;
        if (step % beat === 0 && state.click) sound(audio, next, step % STEPS === 0);
        due.push([next, step++]);
        next += seconds();
      }
    };
    const draw = () => {
      let last;
      while (due.length && due[0][0] <= audio.currentTime) last = due.shift()[1];
      if (last !== undefined) light(cells[last]);
      if (!root.isConnected || (step >= cells.length && !due.length && audio.currentTime > next)) return state.stop();
      frame = requestAnimationFrame(draw);
    };
    state.stop = () => {
      clearInterval(timer);
      cancelAnimationFrame(frame);
      audio.close();
      light();
      play.textContent = words.play;
      state.stop = () => {};
    };
    play.textContent = words.stop;
    timer = setInterval(plan, 25);
    plan();
    draw();
  }
  play.onclick = () => (play.textContent === words.stop ? state.stop() : start());
  tempo.oninput = () => set(+tempo.value);
  click.onchange = () => { state.click = click.checked; };
  tap.onclick = ({ timeStamp }) => {
    const now = timeStamp / 1000, taps = state.taps;
    if (taps.length && now - taps.at(-1) > LONGEST_TAP) taps.length = 0;
    taps.push(now);
    if (taps.length > 8) taps.shift();
    if (taps.length > 1) set(60 * (taps.length - 1) / (now - taps[0]));
  };
  root.replaceChildren(controls, box);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", words.grid);
  show();
  return () => state.stop();
}
