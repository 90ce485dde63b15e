-- PREFIX COUNT ASKED: asks for ASKED of PREFIX/1 … PREFIX/COUNT, spread evenly over them, each as often as any other, in random order.
dofile("report.lua")

local head, tail, step, asked = nil, nil, 1, 1

function init(args)
  -- One request, cut where the number goes: formatting each anew would take more of wrk's core than sending it.
  head, tail = wrk.format("GET", args[1] .. "/@"):match("^(.-)@(.*)$")
  asked = tonumber(args[3])
  step = math.floor(tonumber(args[2]) / asked)
  math.randomseed(9111)
end

function request()
  return head .. math.random(asked) * step .. tail
end
