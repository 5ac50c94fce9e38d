"""axe-core on a page: every rule but contrast on the whole of it, contrast once for each look that a text can have.

Contrast is nine tenths of axe's time, and a table of a thousand cells asks the same question a thousand times.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# WCAG 2.2 A and AA, and what axe calls best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Two texts look the same when kind, colours and size are, and all that is painted behind them.
CONTRAST_OF_EACH_LOOK = """async () => {
  const behind = new Map([[null, ""]]);
  const painted = (element) => {
    if (!behind.has(element)) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(element);
      behind.set(element, [painted(element.parentElement), backgroundColor, backgroundImage, opacity, position].join());
    }
    return behind.get(element);
  };
  const looks = new Map();
  for (const element of document.querySelectorAll("body, body *")) {
    const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!speaks || !element.checkVisibility()) continue;
    const { color, fill, fontSize, fontWeight } = getComputedStyle(element);
    const look = [element.tagName, color, fill, fontSize, fontWeight, painted(element)].join();
    if (!looks.has(look)) looks.set(look, element);
  }
  const options = { runOnly: ["color-contrast"], resultTypes: ["violations"] };
  return axe.run({ include: [...looks.values()] }, options);
}"""
ALL_BUT_CONTRAST = {
    "runOnly": TAGS,
    "rules": {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}


def load_axe(page: "Page", source: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    # Behind a gradient axe gives up on contrast; the shadow that says "this scrolls" is one.
    page.add_style_tag(content=".ivp .table-scroll { background: none !important }")
    page.evaluate(source)


def violations(page: "Page", *, structure: bool) -> list[tuple[str, list[Any]]]:
    """Rules that the page breaks, each with the places; contrast always, the other rules with `structure`."""
    runs = [page.evaluate(CONTRAST_OF_EACH_LOOK)]
    if structure:
        runs.append(page.evaluate("options => axe.run(options)", ALL_BUT_CONTRAST))
    assert all(found["passes"] for found in runs), "axe found nothing to look at"
    return [
        (broken["id"], [node["target"] for node in broken["nodes"]])
        for found in runs
        for broken in found["violations"]
    ]
