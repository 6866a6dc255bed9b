# Writes nested lists as JSON with 17 significant digits. null (NA, NaN, Inf) means "undefined". Base R only.
json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) paste0("[", paste(parts, collapse = ",\n"), "]")
    else paste0("{", paste0('"', names(x), '": ', parts, collapse = ",\n "), "}")
  } else if (is.character(x)) paste0('"', x, '"')
  else {
    digits <- ifelse(!is.finite(x), "null", sprintf("%.17g", as.numeric(x)))
    if (length(x) == 1) digits else paste0("[", paste(digits, collapse = ", "), "]")
  }
}
