from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from img2img.naming import printable
from img2img.page.markup import Markup, joined, tag, text


class Heard(HTMLParser):
    """What a browser would find."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], {}, ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes = dict(attrs)

    def handle_data(self, data):
        self.text += data


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_comes_back_and_makes_no_element(inside, title):
    heard = Heard()
    heard.feed(tag("p", inside, title=title))
    heard.close()
    assert heard.tags == ["p"]
    assert heard.text == printable(inside)
    assert heard.attributes == {"title": printable(title)}


def test_markup_is_kept_and_text_is_not():
    assert tag("b", tag("i", "<")) == "<b><i>&lt;</i></b>"
    assert joined("<", Markup("<")) == "&lt;<"


def test_bytes_that_are_no_text_are_shown():
    assert text("\udcff") == r"\udcff"
    tag("p", "\udcff").encode()


def test_attributes_are_named_as_in_html():
    assert tag("img", class_="a", data_name=3, alt=None) == '<img class="a" data-name="3">'
