/**
 * Takes away from Python what leads out of it, as far as Python allows: its introspection can find again what is only hidden, so this is the outer
 * layer and not the wall. The wall is the browser. Answers what a run needs: the names of `__main__`, and functions of C.
 */
export const lockDownPython = `
import asyncio, builtins, linecache, random, socket, sys, types
import _socket
import __main__

def close():
    def refuse(*args, **kwargs):
        raise OSError("There is no network in this sandbox.")

    class Closed(_socket.socket):
        __init__ = refuse

    for module in (socket, _socket):
        module.socket = module.SocketType = Closed
        for name in ("create_connection", "create_server", "fromfd", "socketpair", "getaddrinfo", "gethostbyname", "gethostbyname_ex",
                     "gethostbyaddr", "getnameinfo"):
            if hasattr(module, name):
                setattr(module, name, refuse)

    closed = ("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "micropip", "ctypes", "_ctypes")

    class NotHere:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name.split(".")[0] in closed:
                raise ModuleNotFoundError(f"No module named {name!r} in this sandbox", name=name)
            return None

    # Held by what found them, these would be found again.
    for finder in sys.meta_path:
        getattr(finder, "jsproxies", {}).clear()
    for name in [name for name in sys.modules if name.split(".")[0] in closed]:
        del sys.modules[name]
    sys.meta_path[:] = [NotHere] + [finder for finder in sys.meta_path if not type(finder).__module__.startswith("_pyodide")]

    # The event loop asks for its settings at every asyncio.run.
    settings = types.ModuleType("pyodide_js._api")
    settings.config = types.SimpleNamespace(enableRunUntilComplete=True)
    sys.modules["pyodide_js._api"] = settings

close()
del close
# What the interpreter starts from is the same each time; chance must not be.
random.seed()
sys.stdout.reconfigure(line_buffering=True)
sys.argv = ["main.py"]


def remember(name, source):
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)

[__main__.__dict__, builtins.compile, builtins.exec, remember, sys.stdout.flush, sys.stderr.flush]
`;
