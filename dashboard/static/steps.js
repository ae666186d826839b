// What is a step of the browser's history: each thing that a visitor does, once, so that Back undoes it.
//
// Streamlit replaces the address when a control that is bound to it changes, so that Back would lead past the change. It adds
// an address for each name that a page writes into its own, also before its visitor does anything; and a page that is left
// once more without what was chosen there. What one control does within a second is one step: a slider that is dragged.
{
  const replace = history.replaceState.bind(history), push = history.pushState.bind(history);
  const steps = { isOwed: false, isMade: false, names: "", at: 0 };  // owed: the visitor did something since the last
  const namesOf = (address) => new URLSearchParams(new URL(address, location.href).search);
  const stays = (address) => new URL(address, location.href).pathname === location.pathname;
  const act = () => Object.assign(steps, { isOwed: true, isMade: false });

  function changedNames(address) {
    const before = namesOf(location.href), after = namesOf(address), names = new Set([...before.keys(), ...after.keys()]);
    return [...names].filter((each) => before.getAll(each).join("\n") !== after.getAll(each).join("\n")).join();
  }

  function step(isNew, isMade, ...arguments_) {
    Object.assign(steps, { isOwed: false, isMade });
    (isNew ? push : replace)(...arguments_);
  }

  history.replaceState = (state, title, address) => {
    if (!address?.startsWith?.(location.origin) || address === location.href) return replace(state, title, address);
    const names = changedNames(address), goesOn = names === steps.names && Date.now() - steps.at < 1000;
    Object.assign(steps, { names, at: Date.now() });
    step(!goesOn, true, state, title, address);
  };
  history.pushState = (state, title, address) => {
    if (stays(address)) step(steps.isOwed, steps.isOwed || steps.isMade, state, title, address);
    else step(!steps.isMade, false, state, title, address);
  };
  ["pointerdown", "keydown"].forEach((each) => addEventListener(each, act, { capture: true }));
  addEventListener("popstate", () => Object.assign(steps, { isOwed: false, isMade: false, names: "" }), { capture: true });
}
