-- PREFIX COUNT: asks for PREFIX/1 … PREFIX/COUNT, each once, says that it is through, and goes on with the last until it is stopped.
dofile("report.lua")

local prefix, count, at = nil, 0, 0

function init(args)
  prefix, count = args[1], tonumber(args[2])
end

function request()
  at = at + 1
  if at == count + 1 then
    io.stderr:write("through\n")
  end
  return wrk.format("GET", prefix .. "/" .. math.min(at, count))
end
