-- 10 000 URLs, drawn with Zipf's law (exponent 0.9), the same sequence in every run.
dofile("report.lua")

local URLS, EXPONENT, DRAWS = 10000, 0.9, 200000

local requests, sequence, at = {}, {}, 0

function init()
  local cumulative, total = {}, 0
  for rank = 1, URLS do
    total = total + rank ^ -EXPONENT
    cumulative[rank] = total
    requests[rank] = wrk.format("GET", "/zipf/" .. rank)
  end
  math.randomseed(9111)
  for draw = 1, DRAWS do
    local point, low, high = math.random() * total, 1, URLS
    while low < high do
      local middle = math.floor((low + high) / 2)
      if cumulative[middle] < point then low = middle + 1 else high = middle end
    end
    sequence[draw] = requests[low]
  end
end

function request()
  at = at % DRAWS + 1
  return sequence[at]
end
