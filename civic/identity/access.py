"""The guard before every route: denied unless the permission table allows it."""

from flask import Flask, g, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from civic.features import House, house
from civic.identity import queries
from civic.identity.accounts import Anonymous
from civic.identity.roles import PUBLIC, Permit, Scope
from civic.messages import N_
from civic.refusals import NotAllowed, NotFound, Refusal


class SignInNeeded(Refusal):
    """Nobody is signed in, or the session ended. A page sends to sign-in; a posted form is kept through it."""

    status = 401
    sentence = N_("Sign in to go on.")


class Undeclared(RuntimeError):
    """A route × method without a row in its feature's permission table: the application does not start."""


class ScopeUnchecked(RuntimeError):
    """A page of departmental scope answered without asking `require` or `departments`: a bug, shown as 500."""


def attach(app: Flask) -> None:
    """Install the sign-in session and the guard."""
    login = LoginManager(app)
    login.anonymous_user = Anonymous
    login.session_protection = None  # sessions end by their epoch; a changing address must not sign a phone out
    login.user_loader(queries.account_of_session)
    app.before_request(guard)
    app.after_request(check_scope)


def check_declared(app: Flask, rooms: House) -> None:
    """Refuse to start while a route lacks a permit, or a permit its route. Called once, after all rooms are in."""
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    if missing := sorted(routes - rooms.permits.keys()):
        raise Undeclared(f"routes without a permit: {missing}")
    if idle := sorted(rooms.permits.keys() - routes):
        raise Undeclared(f"permits without a route: {idle}")


def present_permit() -> Permit | None:
    """The permission row of the present request; None where no route matched."""
    return house().permits.get((request.endpoint or "", request.method))


def guard() -> None:
    """Let the request pass, or raise `SignInNeeded` or `NotAllowed`."""
    g.scope_checked = False
    if "\0" in request.path:  # PostgreSQL stores no such text: there is no page of that name
        raise NotFound
    row = present_permit()
    if row is None or row.public:  # no route matched: Flask answers 404 or 405 itself
        return
    if not current_user.is_authenticated:
        raise SignInNeeded
    if not current_user.plays(row.roles):
        raise NotAllowed


def check_scope(response: Response) -> Response:
    """Fail loudly when a page or an act of departmental scope forgot to ask which department."""
    row = present_permit()
    done = response.status_code < 300 or (request.method == "POST" and response.status_code == 303)
    if row and row.scope is Scope.DEPARTMENT and done and not g.get("scope_checked"):
        raise ScopeUnchecked(f"{request.method} {row.endpoint}")
    return response


def _roles_of(permission: str) -> frozenset[str]:
    rows = [row for row in house().permits.values() if row.permission == permission]
    if not rows:
        raise Undeclared(f"no permit names {permission}")
    return frozenset().union(*(row.roles for row in rows))


def may(permission: str, department_id: int | None = None) -> bool:
    """Whether the signed-in account holds `permission`, in the department where one is named."""
    roles = _roles_of(permission)
    if PUBLIC in roles:
        return True
    if not current_user.is_authenticated or current_user.kind != "staff" or not current_user.plays(roles):
        return False
    allowed = current_user.departments(roles)
    return department_id is None or allowed is None or department_id in allowed


def require(permission: str, department_id: int) -> None:
    """Raise `NotAllowed` unless the signed-in account holds `permission` in the department."""
    g.scope_checked = True
    if not may(permission, department_id):
        raise NotAllowed


def departments(permission: str) -> frozenset[int] | None:
    """The departments in which the signed-in account holds `permission`; None for all. For lists."""
    g.scope_checked = True
    found: frozenset[int] | None = current_user.departments(_roles_of(permission))
    return found
