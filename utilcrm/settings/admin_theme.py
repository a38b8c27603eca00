"""How Django admin looks."""

UNFOLD = {
    "SITE_TITLE": "UtilCRM",
    "SITE_HEADER": "UtilCRM",
    "SITE_SYMBOL": "bolt",
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        # The product's petrol, see static/css/tokens.css.
        "primary": {
            "50": "#f1f8f8",
            "100": "#e2eff0",
            "200": "#b3d3d6",
            "300": "#85b7bc",
            "400": "#4b949c",
            "500": "#23747f",
            "600": "#0d5c68",
            "700": "#094851",
            "800": "#07383f",
            "900": "#052a30",
            "950": "#031b1f",
        }
    },
}
