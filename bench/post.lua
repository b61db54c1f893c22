-- wrk: posts the lines of BODIES to one path, each connection at its own place in the file; counts answers that are not 2xx.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local requests = {}
local at = 0
local first = tonumber(os.getenv("FIRST") or "0")

function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  local token = os.getenv("TOKEN")
  if token then wrk.headers["Authorization"] = "Bearer " .. token end
  for i = 1, #bodies do requests[i] = wrk.format(nil, os.getenv("TARGET"), nil, bodies[i]) end
  bodies = nil
  at = first
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local s = summary.errors
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    s.connect + s.read + s.write + s.status + s.timeout))
end
