-- wrk: asks for the addresses listed in PATHS one after another, with a token.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local at = 0
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

function request()
  at = at % #paths + 1
  return wrk.format(nil, paths[at])
end

function done(summary, latency)
  local s = summary.errors
  io.write(string.format("RESULT %.2f %d\n", latency:percentile(95) / 1000, s.connect + s.read + s.write + s.status + s.timeout))
end
