"""What schemathesis has to know of this server: which values make sense, and which errors are the client's fault."""

import atexit
import json
import os
import sys
import zlib
from collections import Counter
from datetime import date
from urllib.request import Request, urlopen

import graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLServerError

# Codes that are a proper answer to a well-formed document with strange values. The other codes of the closed list are not:
# INTERNAL and TIMEOUT are faults of the server, GRAPHQL_PARSE_FAILED would be one (what is sent always parses), and
# UNAUTHENTICATED means that the token is wrong and nothing was tested.
CLIENT_FAULTS = {
    "BAD_USER_INPUT",
    "CURSOR_INVALID",
    "FORBIDDEN",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_EXPENSIVE",
    "QUERY_TOO_LARGE",
}
outcomes = Counter()


def fault(response):
    """Why an answer is not in order; None when it is."""
    if response.status_code >= 500:
        return f"HTTP {response.status_code}"
    try:
        answer = response.json()
    except ValueError:
        return "the answer is not JSON"
    errors = answer.get("errors", []) if isinstance(answer, dict) and answer else None
    if not isinstance(errors, list) or not all(isinstance(error, dict) for error in errors):
        return "the answer is no GraphQL answer"
    for error in errors:
        code = (error.get("extensions") or {}).get("code")
        if code not in CLIENT_FAULTS:
            return f"an error with code {code}: {error.get('message')}"
    return None


@schemathesis.check
def answer_in_order(_context, response, _case):
    """Fails on what is not the client's fault."""
    reason = fault(response)
    assert reason is None, reason


@schemathesis.hook
def filter_failure(_context, failure, _case, response):
    """schemathesis knows the codes of other servers; by the ones of this server it takes a wrong cursor for a failed server."""
    return not (isinstance(failure, GraphQLServerError) and fault(response) is None)


@schemathesis.hook
def after_call(_context, case, response):
    """Counts what became of the questions, so that one sees whether they reached anything."""
    reason = fault(response)
    answer = {} if reason else response.json()
    codes = sorted({error["extensions"]["code"] for error in answer.get("errors", [])})
    data = answer.get("data") or {}
    outcome = reason or " ".join(codes) or ("data" if any(data.values()) else "null, not found")
    # Acts are mostly refused, to whom may not do them and for what is made up: they are counted apart.
    act = "act: " if str(case.body).lstrip().startswith("mutation") else ""
    outcomes[act + outcome] += 1


@atexit.register
def report():
    for outcome, count in outcomes.most_common():
        print(f"{count:6} {outcome}", flush=True)
    questions = sum(count for outcome, count in outcomes.items() if not outcome.startswith("act: "))
    if questions > 200 and outcomes["data"] < questions / 5:
        print("fewer than a fifth of the questions reached any data: the fuzzer tests nothing", flush=True)
        os._exit(1)


# Random text is hardly ever a code or an id, and a list with a random cursor is refused before it is read. So most values are
# taken from the register, or made to fit; the rest stay as wild as they came.
def ask(query):
    headers = {"content-type": "application/json"}
    if token := os.environ.get("TIAOKUAI_TOKEN"):
        headers["authorization"] = f"Bearer {token}"
    url = os.environ["TIAOKUAI_ORIGIN"] + "/graphql"
    try:
        with urlopen(Request(url, json.dumps({"query": query}).encode(), headers)) as response:
            return json.load(response)["data"]
    except OSError as error:  # no server, or a wrong token
        sys.exit(f"{url}: {error}")


def values(tree, names):
    """All values of the fields with these names, however deep."""
    if isinstance(tree, list):
        return [value for item in tree for value in values(item, names)]
    if isinstance(tree, dict):
        return [v for key, item in tree.items() for v in ([item] if key in names and item else values(item, names))]
    return []


sample = ask("""{
  divisions(first: 3) { nodes { id code } }
  townships(within: "2106", first: 3) { nodes { id divisionCode leadershipPosts(first: 2) { nodes { id } } } }
  fictional: townships(within: "990101", first: 3) { nodes { id divisionCode } }
  publicInstitutions(first: 3) { nodes { id uscc divisionCode } }
  secondedAgencies(first: 3) { nodes { id competentDepartments { id } } }
  appointments(first: 3) { nodes { id person { id } } }
  reforms(first: 3) { nodes { id changes(first: 2) { nodes { id } } } }
}""")
USCCS = sorted(set(values(sample, {"uscc"})))
IDS = sorted(set(values(sample, {"id"})))
CODES = sorted(set(values(sample, {"code", "divisionCode"}))) + ["21", "2106", "990101"]

TEXTS = ["大竹园", "大竹園", "dazhu", "dzy", "610902111", "安全"]


def mostly(known, wild):
    # Not one_of: it would give each alternative the same share.
    return st.sampled_from(range(8)).flatmap(lambda n: wild if n == 7 else known).map(nodes.String)


digits = st.from_regex(r"[0-9]{1,13}", fullmatch=True)
letters = st.from_regex(r"[0-9A-Z]{18}", fullmatch=True)
days = st.dates(date(1995, 1, 1), date(2035, 12, 31)).map(str)
schemathesis.graphql.scalar("DivisionCode", mostly(st.sampled_from(CODES), digits | st.text()))
schemathesis.graphql.scalar("CreditCode", mostly(st.sampled_from(USCCS), letters | st.text()))
schemathesis.graphql.scalar("Date", mostly(days, st.dates().map(str) | st.text()))


class WithoutNulls(graphql.Visitor):
    """An operator of a filter takes no null, and most of those that schemathesis makes are null."""

    def enter_object_field(self, node, *_):
        return graphql.REMOVE if isinstance(node.value, graphql.NullValueNode) else None


def fit(argument, number):
    """An argument, made to fit."""
    name, value = argument.name.value, argument.value
    scalar = isinstance(value, (graphql.StringValueNode, graphql.IntValueNode))
    if name in ("first", "last") and isinstance(value, graphql.IntValueNode):
        value = nodes.Int(1 + number % 100)
    elif name in ("after", "before") and scalar:
        value = nodes.Null
    elif name == "id" and scalar:
        value = nodes.String(IDS[number % len(IDS)])
    elif name == "ids" and isinstance(value, graphql.ListValueNode):
        value = nodes.List([nodes.String(IDS[(number + i) % len(IDS)]) for i, _ in enumerate(value.values)])
    elif name == "text" and scalar:
        value = nodes.String(TEXTS[number % len(TEXTS)])
    elif name == "where":
        value = graphql.visit(value, WithoutNulls())
    return graphql.ArgumentNode(name=argument.name, value=value)


class Fit(graphql.Visitor):
    """Makes the arguments of most fields fit. It looks at nothing but the field, so the same seed gives the same questions."""

    def enter_field(self, node, *_):
        number = zlib.crc32(repr([graphql.print_ast(argument) for argument in node.arguments]).encode())
        if not node.arguments or number % 8 == 0:
            return None
        other_way = ("last", "before") if number % 3 else ("first", "after")
        kept = [argument for argument in node.arguments if argument.name.value not in other_way]
        arguments = tuple(fit(argument, number) for argument in kept)
        return graphql.FieldNode(
            alias=node.alias, name=node.name, arguments=arguments, directives=node.directives, selection_set=node.selection_set
        )


@schemathesis.hook
def map_body(_context, body):
    return graphql.visit(body, Fit())
