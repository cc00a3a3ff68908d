"""The documents keep their word.

An example in docs/*.md is a block `apache`, the configuration, and a block `http`, what
is asked and what is answered:

    POST http://www.example.com/old/x  ->  307 https://new.example.com/x
        > Cookie: a=b                      a header of the request
        | {"a": 1}                         a line of its body
        < Cache-Control: no-store          a header of the answer
    GET  http://www.example.com/other  ->  -

"-" stands for any answer but a redirect; as the value of a header, for none. What else
belongs to an example stands between its heading and its end: a line "Needs: mod_x,
mod_y", more `apache` blocks, of which one that begins with "# /path/.htaccess" is that
file, and a block `log`, of which each line must stand in a log. A block `error` is
configuration and, indented, what httpd says about it ("..." stands for anything) and,
behind "#", what to do. "|...|" in the configuration is three thousand of them.

Between requests there may stand

    at Tue 2026-12-01T22:30+01:00      the server's clock stands still there, from here on;
                                       its time zone is that of Berlin
    touch /var/www/html/file           the file comes
    rm /var/www/html/file              the file goes
"""

import contextlib
import re
from datetime import datetime

import pytest

from clock import Clock
from harness import REPO, check_config, check_htaccess, wait_until

DOCUMENTS = ["README.md", *(f"docs/{name}.md" for name in
                            ("cookbook", "directives", "coming-from", "operations"))]

# What a document calls it, and where the test has it.
PLACES = {
    "*:80": "127.0.0.1:${PORT}",
    "*:443": "127.0.0.1:${TLS_PORT}",
    "127.0.0.1:8080": "127.0.0.1:${PORT2}",
    "/var/www/html": "${HTDOCS}",
    "/var/log/apache2": "${ROOT}",
}

# Berlin's, written out, so that no machine has to have its rules.
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"


# --- reading ----------------------------------------------------------------------

def read(name):
    return (REPO / name).read_text("utf-8")


def sections(text):
    """(heading, what stands under it) for each heading of a document."""
    found, fenced = [], False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            found.append([line.strip("# \n"), ""])
        elif found:
            found[-1][1] += line
    return found


def blocks(text):
    """(language, content) of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


class Exchange:
    """One request of a block `http`, with the answer it promises."""

    def __init__(self, line):
        asked, answer = line.split("->")
        self.line = line
        self.method, url = asked.split()
        self.scheme, self.host, self.path = re.fullmatch(
            r"(https?)://([^/?]+)(.*)", url).groups()
        self.status, self.location = [*answer.split(), None][:2]
        self.sent, self.received, self.body = [], [], []

    def add(self, line):
        mark, text = line.split(None, 1)
        if mark == "|":
            self.body.append(text)
        else:
            (self.sent if mark == ">" else self.received).append(tuple(text.split(": ", 1)))

    def check(self, httpd):
        body = "\n".join(self.body) or (
            "body" if self.method in ("POST", "PUT", "PATCH") else None)
        answer = httpd.request(self.method, self.path or "/",
                               [("Host", self.host), *self.sent], body,
                               tls=self.scheme == "https")
        if self.status == "-":
            assert answer.status // 100 != 3, self.line
        else:
            assert answer.status == int(self.status), self.line
        assert answer.location == self.location, self.line
        for name, value in self.received:
            wanted = [] if value == "-" else [value]
            assert answer.headers.get_all(name) == wanted, self.line


class Order:
    """A line between requests: a time, a file that comes or goes."""

    scheme = None

    def __init__(self, line):
        self.verb, *self.words = line.split()
        self.file = self.words[-1].replace("${HTDOCS}/", "")

    @property
    def time(self):
        """The time of `at`, with the day of the week there."""
        day, time = self.words
        assert f"{datetime.fromisoformat(time):%a}" == day, self.words
        return time

    def check(self, httpd):
        if self.verb == "at":
            httpd.clock.stop_at(self.time)
        elif self.verb == "touch":
            httpd.write(self.file, "")
        else:
            (httpd.htdocs / self.file).unlink()


def exchanges(content):
    found = []
    for line in filter(str.strip, content.splitlines()):
        if line[0].isspace():
            found[-1].add(line)
        elif line.startswith(("at ", "touch ", "rm ")):
            found.append(Order(placed(line)))
        else:
            found.append(Exchange(line))
    return found


class Example:
    """Configuration and exchanges; Needs and log from the section around them."""

    def __init__(self, name, section):
        self.name = name
        self.modules = re.findall(r"mod_(\w+)", " ".join(
            re.findall(r"^Needs: (.*)$", section, re.M)))
        self.config, self.files, self.exchanges, self.log = "", {}, [], []

    def add(self, language, content):
        if language == "apache":
            content = placed(content)
            file = re.match(r"# /(\S*\.htaccess)\n", content)
            if file:
                self.files[file[1]] = content
            else:
                self.config += content
        elif language == "http":
            self.exchanges += exchanges(content)
        else:
            self.log += content.splitlines()

    def run(self, server):
        for folder in re.findall(r"\$\{HTDOCS\}/([\w/]+)\b(?!\.)", self.config):
            self.files.setdefault(f"{folder}/index.html", "here\n")
        tls = "TLS_PORT" in self.config or any(e.scheme == "https" for e in self.exchanges)
        times = [e.time for e in self.exchanges if isinstance(e, Order) and e.verb == "at"]
        with contextlib.ExitStack() as stack:
            clock = times and stack.enter_context(contextlib.closing(Clock(ZONE, times[0])))
            httpd = server(self.config, modules=self.modules, files=self.files, tls=tls,
                           env=clock and clock.env)
            httpd.clock = clock
            self.ask(httpd)

    def ask(self, httpd):
        for number in re.findall(r"^(?:TR|AH)\d+: ", "\n".join(self.log), re.M):
            httpd.expect_log(number)
        for exchange in self.exchanges:
            exchange.check(httpd)
        for line in self.log:
            wait_until(lambda: line in all_logs(httpd), 5, f"no log has: {line}")


def placed(content):
    for name, place in PLACES.items():
        content = content.replace(name, place)
    return content


def all_logs(httpd):
    return "".join(httpd.plain(path.read_text()) for path in httpd.root.glob("*.log"))


def examples(document):
    """The examples of a document. One ends with its last block `http` or `log`."""
    found = []
    for heading, section in sections(read(document)):
        example = None
        for language, content in blocks(section):
            if language not in ("apache", "http", "log"):
                continue
            if example is None or (language == "apache" and example.exchanges):
                example = Example(f"{document}: {heading}", section)
                found.append(example)
            example.add(language, content)
    return [example for example in found if example.exchanges]


EXAMPLES = [example for document in DOCUMENTS for example in examples(document)]


def errors(content):
    """(configuration, what httpd says) for each entry of a block `error`, remedy last."""
    entries = re.findall(r"((?:^\S.*\n)+)((?:^\s+[^#\s].*\n)+)((?:^\s+#.*\n)+)", content, re.M)
    assert "".join(map("".join, entries)) == content, "an entry is incomplete"
    return [(config.replace("|...|", 3000 * "|"), " ".join(message.split()))
            for config, message, _ in entries]


ERRORS = [error for document in DOCUMENTS for language, content in blocks(read(document))
          if language == "error" for error in errors(content)]


# --- tests ------------------------------------------------------------------------

@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_documents_does_what_it_says(server, example):
    example.run(server)


def test_each_recipe_has_a_checked_example():
    text = read("docs/cookbook.md")
    recipes = {f"docs/cookbook.md: {name}" for name in re.findall(r"^### (.*)$", text, re.M)}
    assert recipes
    assert recipes <= {example.name for example in EXAMPLES}


def test_the_contents_of_the_cookbook_are_its_recipes_in_order():
    text = read("docs/cookbook.md")
    contents = re.findall(r"^  - \[(.*)\]\(", text.partition("\n## ")[0], re.M)
    assert contents == re.findall(r"^### (.*)$", text, re.M)


@pytest.mark.parametrize("config, message", ERRORS, ids=[message[:60] for _, message in ERRORS])
def test_a_message_in_the_manual_is_what_httpd_says(config, message):
    wanted = ".*".join(map(re.escape, message.split("...")))
    assert re.search(wanted, check_config(config)[1])


def anchors(text):
    """The anchors of a document's headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading, _ in sections(text)}


@pytest.mark.parametrize("document", [*DOCUMENTS, "ARCHITECTURE.md",
                                      "CONTRIBUTING.md", "SECURITY.md", "CHANGES.md"])
def test_the_links_of_a_document_lead_somewhere(document):
    folder = (REPO / document).parent
    for file, anchor in re.findall(r"\]\(((?![a-z]+:)[^)#]*)#?([^)]*)\)", read(document)):
        target = folder / file if file else REPO / document
        assert target.exists(), file
        assert not anchor or anchor in anchors(target.read_text("utf-8")), f"{file}#{anchor}"


CONF = "conf/tempredirect.conf"


def test_the_annotated_configuration_loads_and_changes_nothing():
    assert not re.findall(r"^[^#\n]", read(CONF), re.M)
    assert check_config(read(CONF)) == (0, "Syntax OK\n")


def test_the_annotated_configuration_loads_without_its_comment_signs():
    config, count = re.subn(r"^#(?=\S| {4}\S)", "", read(CONF), flags=re.M)
    assert count > 20
    assert check_config(config) == (0, "Syntax OK\n")


def test_each_promise_names_tests_that_exist():
    promises = read("SECURITY.md").partition("## Promises")[2].partition("\n## ")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ")][1:]
    tests = "".join(path.read_text("utf-8") for path in REPO.glob("tests/*/test_*.*"))
    assert rows
    for row in rows:
        names = re.findall(r"`([a-z0-9_]{12,})`", row.split(" | ")[1])
        assert names, row
        for name in names:
            assert re.search(rf"(def |START_TEST\(){name}\b", tests), name


def test_no_htaccess_file_can_allow_hosts():
    status, said = check_htaccess("TempRedirectAllowHosts evil.example\n")
    assert (status, said) == (500, "TempRedirectAllowHosts not allowed here")


def test_the_architecture_shows_every_header():
    headers = {path.name for path in REPO.glob("src/*/*.h")}
    assert headers == set(re.findall(r"\b(?:mod_)?tr_\w+\.h\b", read("ARCHITECTURE.md")))
