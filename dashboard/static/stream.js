// How a page hears its server, and itself.

// Where the server is: below a deep link Streamlit looks for it under the page first, and logs what is not there.
window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };

// What comes within some milliseconds is handed on in one go, so that the page is drawn once: message by message, a run of
// twenty elements had it drawn three times, 17 ms each.
const HELD_MS = 5;
window.WebSocket = class extends WebSocket {
  addEventListener(type, listener, options) {
    if (type !== "message" || typeof listener !== "function") return super.addEventListener(type, listener, options);
    let held = [];
    const handOn = () => {
      const now = held;
      held = [];
      now.forEach((event) => listener.call(this, event));
    };
    super.addEventListener(type, (event) => { if (held.push(event) === 1) setTimeout(handOn, HELD_MS); }, options);
  }
};

// A page tells the one around it what it does. With none around it, it hears itself, and compares who spoke with a list of
// hosts, some milliseconds each time.
addEventListener("message", (event) => {
  if (event.source === window && event.data?.stCommVersion) event.stopImmediatePropagation();
});
