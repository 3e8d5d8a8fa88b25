"""What becomes of a pasted text: addresses, cells of a spreadsheet, and rich text."""

from playwright.sync_api import Locator, expect

from e2e.chat import Chat

PASTE = """(field, data) => {
  const clipboardData = new DataTransfer();
  for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, data["text/plain"]);
}"""
DOCS = '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1">{}</b>'
MARKDOWN = {
    "<p>High <b>water</b> at <i>nine</i>, <s>ten</s></p>": "High **water** at *nine*, ~~ten~~",
    DOCS.format('<p><span style="font-weight:700">Tides </span><span>rise</span></p>'): "**Tides** rise",
    "<h2>Tides</h2><p>They <strong>rise</strong>.</p>": "**Tides**\n\nThey **rise**.",
    "<h2><b>Tides</b> of <em>May</em></h2><p>x</p>": "**Tides of *May***\n\nx",
    '<a href="https://example.com/a_(b)">The *list*</a>': "[The \\*list\\*](https://example.com/a_\\(b\\))",
    '<b>x</b> <a href="javascript:alert(1)">no</a>': "**x** no",
    "<ul><li>one<ul><li>two</li></ul></li><li><p>three</p></li></ul>": "- one\n  - two\n- three",
    '<ol start="9"><li>nine</li><li>ten<br>more</li></ol>': "9. nine\n10. ten\n    more",
    '<pre><code class="language-python">if x:\n    y()\n</code></pre>': "```python\nif x:\n    y()\n```",
    "use <code>a`b</code>": "use ``a`b``",
    "<blockquote><p>one</p><p>two</p></blockquote>": "> one\n>\n> two",
    "<b>1_000</b> _x_ # 2. &lt;b>": "**1_000** \\_x\\_ # 2. \\<b>",
    "<p># not a <b>head</b></p><p>1. no</p>": "\\# not a **head**\n\n1\\. no",
    "<div>one</div><div><br></div><div><em>two</em></div>": "one\n\n*two*",
    '<b>x</b><img src="https://example.com/x.png" alt="a tide"><script>fetch("/x")</script>': "**x**a tide",
    "<table><tr><td>Ship</td><td>Tons</td></tr><tr><td><b>Ada</b></td><td>a|b</td></tr></table>": (
        "| Ship | Tons |\n| --- | --- |\n| **Ada** | a\\|b |"
    ),
    "<p>plain <span style='color: red'>words</span></p>": None,
}


def paste(field: Locator, plain: str, html: str = "") -> None:
    field.focus()
    field.evaluate(PASTE, {"text/plain": plain, **({"text/html": html} if html else {})})


def test_rich_text_becomes_markdown_and_one_undo_brings_back_the_plain_text(chat: Chat) -> None:
    page, field = chat.page, chat.composer
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    paste(field, "High water", "<p>High <b>water</b></p>")
    expect(field).to_have_value("High **water**")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("High water")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("")
    for html, markdown in MARKDOWN.items():
        assert page.evaluate("html => parley.pasting.markdownOf(html)", html) == markdown
    field.fill("```\n")
    paste(field, "High water", "<p>High <b>water</b></p>")
    expect(field).to_have_value("```\nHigh water")
    assert not [url for url in requests if "example.com" in url or url.endswith("/x")]


def test_an_address_on_a_selection_is_a_link_and_cells_are_a_table(chat: Chat) -> None:
    page, field = chat.page, chat.composer
    field.fill("See the list")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    paste(field, "https://example.com/list")
    expect(field).to_have_value("See the [list](https://example.com/list)")
    field.fill("Ships:")
    paste(field, "Ship\tTons\nAda\t12\n")
    expect(field).to_have_value("Ships:\n\n| Ship | Tons |\n| --- | --- |\n| Ada | 12 |")
    page.keyboard.press("Enter")
    expect(chat.timeline.locator(".prose td")).to_have_text(["Ada", "12"])
    paste(field, "if x:\n\ty()\n")
    expect(field).to_have_value("if x:\n\ty()\n")


def test_ctrl_shift_v_pastes_without_formatting(chat: Chat) -> None:
    field = chat.composer
    field.dispatch_event("keydown", {"key": "V", "code": "KeyV", "ctrlKey": True, "shiftKey": True})
    paste(field, "High water", "<p>High <b>water</b></p>")
    chat.page.wait_for_timeout(200)
    expect(field).to_have_value("High water")
