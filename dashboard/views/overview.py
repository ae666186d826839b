from dashboard.components import filters, frame

selection = filters.selected()
frame.question("Overview")
