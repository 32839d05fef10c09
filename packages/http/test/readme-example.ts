import { createServer } from "node:http";
import { createEvt } from "@evt/core";
import { createEventRoutes, NodeExchange, type Respond, serverLimits } from "@evt/http";
import { MemoryStore } from "@evt/store-memory";

const evt = createEvt({ store: new MemoryStore() });
const { routes, noSuchPath } = createEventRoutes({ evt, authenticate: "open" }, "myAdapter");

function responderFor(method: string | undefined, path: string | undefined): Respond<unknown> {
  const route = routes.find((each) => each.path === path); // a framework's router also knows `:id`
  if (route === undefined) return noSuchPath;
  const byMethod = { GET: route.get, HEAD: route.get, POST: route.post };
  return byMethod[method as keyof typeof byMethod] ?? route.otherMethods;
}

const server = createServer(serverLimits, (req, res) => {
  const [path] = (req.url ?? "").split("?");
  void responderFor(req.method, path)(new NodeExchange(req, res));
});

export { server };
