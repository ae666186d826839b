"""How is each number made?"""

from itertools import groupby

import streamlit as st

from dashboard.components import frame
from dashboard.methods import METHODS

results = [(method, method.observed()) for method in METHODS]
passed = sum(method.holds(observed) for method, observed in results)

frame.question("How is each number made?")
frame.answer(
    "From the definitions below. Each was tried just now on a published example: "
    f"<b>{passed} of {len(results)}</b> agree."
)
for family, members in groupby(results, key=lambda pair: pair[0].family):
    with st.container(key=f"card-{family.lower()}", gap="small"):
        st.html(f"<h2>{family}</h2>")
        for method, observed in members:
            holds = method.holds(observed)
            mark = ":material/check: agrees" if holds else ":material/close: **does not agree**"
            shown = observed if isinstance(observed, str) else f"{observed:.10g}"
            st.markdown(f"**{method.name}** {method.definition}")
            st.caption(f"{method.source}: `{method.expected}`, computed `{shown}` {mark}")
