"""What the tags refuse when a template is compiled, and what they say then."""

import pytest
from django.template import Context as TemplateContext
from django.template import Template, TemplateSyntaxError
from django.template.loader import get_template

from mizan_htmx.exceptions import DeclarationError
from tests.library.pages import declared, soup

CONTEXTS = ["book", "mine", "news", "owned", "shelf", "stock"]


def compiled(pages, source):
    pages["page.html"] = source
    return get_template("page.html")


def refusal(pages, source):
    with pytest.raises(TemplateSyntaxError) as refused:
        compiled(pages, source)
    return str(refused.value)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        # an unknown name: what was given, and what exists
        ('{% fragment "shelv" shelf_id=1 %}{% endfragment %}', ["'shelv'", "did you mean 'shelf'"]),
        ('{% fragment "shelf" "bokk" %}{% endfragment %}', ["'bokk'", "did you mean 'book'"]),
        ('{% fragment "zzzz" %}{% endfragment %}', ["'zzzz'", *CONTEXTS]),
        ('{% fragment "zzzz" "library/_books.html" %}', ["'zzzz'", *CONTEXTS]),
        ('{% bind "shelv" %}', ["'shelv'", "did you mean 'shelf'"]),
        ('{% bind "shelf" "zzzz" %}', ["'zzzz'", *CONTEXTS]),
        ('{% mizan_data "shelv" %}', ["'shelv'", "did you mean 'shelf'"]),
        ('{% mizan_data "news" "zzzz" %}', ["'zzzz'", *CONTEXTS]),
        ('{% mutate "ad_book" %}', ["'ad_book'", "did you mean 'add_book'"]),
        ('{% mutate "zzzz" %}', ["'zzzz'", "add_book", "lend", "rename", "clear", "arrive"]),
        ('{% mutate "shelf" %}', ["unknown mutation 'shelf'"]),
        # an unknown parameter
        ('{% fragment "shelf" id=1 %}{% endfragment %}', ["'id'", "'shelf'", "shelf_id"]),
        ('{% fragment "mine" id=1 %}{% endfragment %}', ["'id'", "'mine'", "none"]),
        ('{% fragment "shelf" "book" id=1 %}{% endfragment %}', ["'id'", "book_id, shelf_id"]),
        ('{% bind "shelf" id=1 %}', ["'id'", "'shelf'", "shelf_id"]),
        ('{% mizan_data "shelf" id=1 %}', ["'id'", "'shelf'", "shelf_id"]),
        ('{% mizan_data "mine" "news" id=1 %}', ["'id'", "'mine' and 'news'", "limit"]),
        ('{% mutate "add_book" shelf=1 %}', ["'shelf'", "'add_book'", "lent, shelf_id, title"]),
        # an unknown query behind `with`
        ('{% fragment "shelf" shelf_id=1 with book=1 %}', ["'book'", "books, detail, stats"]),
        ('{% fragment "shelf" shelf_id=1 with 1 %}', ["with"]),
        # what htmx 2 would hand down to what stands inside is no option
        ('{% fragment "shelf" hx_target="#x" %}{% endfragment %}', ["'hx_target'"]),
        ('{% fragment "shelf" hx_sync="this" %}{% endfragment %}', ["'hx_sync'"]),
        ('{% bind "shelf" hx_swap="innerHTML" %}', ["'hx_swap'"]),
        ('{% bind "shelf" class="a" %}', ["'class'"]),
        ('{% mutate "add_book" id_="a" %}', ["'id_'"]),
        # what a fragment writes itself
        ('{% fragment "news" hx_trigger_="a" %}{% endfragment %}', ["hx_trigger_=", "hx_trigger="]),
        ('{% fragment "news" hx_swap_="a" %}{% endfragment %}', ["hx_swap_=", "use hx_swap="]),
        ('{% fragment "news" class_="a" %}{% endfragment %}', ["class_=", "use class="]),
        ('{% fragment "news" hx_get_="/" %}{% endfragment %}', ["hx_get_=", "leave it out"]),
        ('{% fragment "news" data_mizan_keys_="a" %}{% endfragment %}', ["data-mizan-keys", "out"]),
        ('{% fragment "news" _="on click" %}{% endfragment %}', ["_= names no attribute", "id_="]),
        # twice
        (
            '{% fragment "shelf" shelf_id=1 shelf_id=2 %}{% endfragment %}',
            ["shelf_id= stands twice"],
        ),
        ('{% bind "shelf" shelf_id=1 shelf_id=1 %}', ["shelf_id= stands twice"]),
        ('{% mutate "add_book" shelf_id=1 shelf_id=2 %}', ["shelf_id= stands twice"]),
        ('{% fragment "news" id_="a" id__="b" %}{% endfragment %}', ["id__=", "id stands twice"]),
        # targets
        ("{% fragment %}{% endfragment %}", ["fragment", "contexts or keys"]),
        ('{% fragment "library/_books.html" %}', ["fragment", "contexts or keys"]),
        ('{% fragment "shelf" "a/b.html" "c/d.html" %}', ["fragment", "at most one template"]),
        ("{% bind %}", ["bind", "contexts or keys"]),
        ("{% mizan_data %}", ["mizan_data", "contexts or keys"]),
        ("{% mutate %}", ["mutate", "one mutation"]),
        ("{% mutate name %}", ["mutate", "in quotes"]),
        ('{% mutate "add_book" "lend" %}', ["mutate", "one mutation"]),
        # the block
        ('{% fragment "shelf" shelf_id=1 %}', ["endfragment"]),
        ('{% fragment "news" %}{% block a %}{% endblock %}{% endfragment %}', ["{% block %}"]),
        (
            '{% fragment "news" %}{% if 1 %}{% block a %}{% endblock %}{% endif %}'
            "{% endfragment %}",
            ["{% block %}", "cannot stand inside {% fragment %}"],
        ),
        (
            '{% fragment "news" %}{% fragment "book" book_id=1 %}{% block a %}{% endblock %}'
            "{% endfragment %}{% endfragment %}",
            ["{% block %}", "cannot stand inside {% fragment %}"],
        ),
    ],
)
def test_refused_when_compiled(pages, source, words):
    # No database here: nothing was rendered, and no query has run.
    message = refusal(pages, source)
    assert [word for word in words if word not in message] == []


def test_dotted_name_that_is_unknown_says_what_exists(pages):
    def total(request) -> int:
        return 1

    with declared(total, name="shop.cart"):
        assert compiled(pages, '{% fragment "shop.cart" %}{{ total }}{% endfragment %}')
        message = refusal(pages, '{% fragment "shop.crat" %}{{ total }}{% endfragment %}')
    assert "'shop.crat'" in message
    assert "shop.cart" in message


def test_contexts_whose_queries_share_a_name_are_refused(pages):
    def one(request, book_id: int) -> int:
        return book_id

    with declared(one):
        message = refusal(pages, '{% fragment "book" "probe" book_id=1 %}{% endfragment %}')
    assert "'one'" in message


# case H-15
@pytest.mark.parametrize("tag", ["fragment", "bind", "mutate"])
def test_unknown_name_is_quoted_and_bounded(pages, tag):
    message = refusal(pages, f'{{% {tag} "{"x" * 5000}" %}}{{% end{tag} %}}')
    assert "x" * 150 in message
    assert len(message) < 1000


def test_compiling_runs_no_query_and_asks_no_rule(pages):
    ran = []

    def touched(request) -> int:
        ran.append("query")
        return 1

    def rule(request):
        ran.append("rule")
        return True

    with declared(touched, auth=rule):
        compiled(pages, '{% fragment "probe" %}{{ touched }}{% endfragment %}')
        assert ran == []
        assert pages.again().text == "1"
    assert ran == ["rule", "query"]


def test_block_of_a_template_without_a_name_is_refused_with_the_remedy(rf):
    with pytest.raises(TemplateSyntaxError, match="give the fragment a template of its own"):
        Template('{% load mizan %}{% fragment "news" %}x{% endfragment %}')


@pytest.mark.django_db
def test_template_without_a_name_takes_a_fragment_with_a_template(pages, rf):
    pages["news.html"] = "{{ limit }}!"
    template = Template('{% load mizan %}{% fragment "news" "news.html" limit=2 %}')
    (wrapper,) = soup(template.render(TemplateContext({"request": rf.get("/")}))).find_all(True)
    assert wrapper.text == "2!"
    assert pages.refetch(wrapper).content == b"2!"


@pytest.mark.parametrize(
    "source", ['{% fragment "news" "library/_name.html" %}', "{% mizan_scripts %}"]
)
def test_tag_without_a_request_names_the_remedy(source):
    template = Template("{% load mizan %}" + source)
    with pytest.raises(DeclarationError, match=r"render\(request"):
        template.render(TemplateContext({}))


@pytest.mark.parametrize("tag", ["bind k", 'fragment k "library/_name.html"'])
@pytest.mark.parametrize("value", [3, 1.5, ["shelf"], object()])
def test_variable_that_is_no_target_is_refused(rf, tag, value):
    template = Template("{% load mizan %}{% " + tag + " %}")
    with pytest.raises(DeclarationError, match="give a context's name or a Key"):
        template.render(TemplateContext({"k": value, "request": rf.get("/")}))


@pytest.mark.parametrize("tag", ["bind k", 'fragment k "library/_name.html"'])
def test_variable_with_an_unknown_name_says_what_exists(rf, tag):
    template = Template("{% load mizan %}{% " + tag + " %}")
    with pytest.raises(DeclarationError, match="did you mean 'shelf'"):
        template.render(TemplateContext({"k": "shelv", "request": rf.get("/")}))
