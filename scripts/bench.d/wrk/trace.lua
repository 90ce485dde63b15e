-- Asks for the paths in a file, one after the other, says that it is through, and goes on with the last one until it is stopped.
dofile("report.lua")

local requests, at = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  at = at + 1
  if at == #requests + 1 then
    io.stderr:write("through\n")
  end
  return requests[math.min(at, #requests)]
end
