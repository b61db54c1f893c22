-- wrk: asks one OCSP question again and again, by GET (the address holds it) or by POST (BODY names the file).
local body = os.getenv("BODY")
if body and body ~= "-" then
  local file = io.open(body, "rb")
  wrk.body = file:read("*a")
  file:close()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/ocsp-request"
end

function done(summary, latency)
  local s = summary.errors
  io.write(string.format("RESULT %.1f %.3f %d %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000, s.connect + s.read + s.write + s.status + s.timeout, summary.requests))
end
