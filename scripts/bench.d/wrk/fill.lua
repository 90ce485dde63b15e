-- PREFIX COUNT: asks for PREFIX/1 … PREFIX/COUNT, each once, says that it is through, and goes on with the last until it is stopped.
dofile("report.lua")

local head, tail, count, at = nil, nil, 0, 0

function init(args)
  -- One request, cut where the number goes: formatting each anew would take more of wrk's core than sending it.
  head, tail = wrk.format("GET", args[1] .. "/@"):match("^(.-)@(.*)$")
  count = tonumber(args[2])
end

function request()
  at = at + 1
  if at == count + 1 then
    io.stderr:write("through\n")
  end
  return head .. math.min(at, count) .. tail
end
