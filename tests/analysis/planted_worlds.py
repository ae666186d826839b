"""The words of the three worlds of the corpus `planted`."""

WORLDS = {
    "mer": ["bateau", "vague", "marin", "sable", "phare", "mouette", "tempête", "voile", "océan", "rivage"],
    "rue": ["béton", "bitume", "quartier", "tour", "immeuble", "voisin", "trottoir", "cage", "ascenseur", "parking"],
    "cœur": ["amour", "baiser", "larme", "rupture", "tendresse", "regret", "promesse", "absence", "manque", "douceur"],
}
