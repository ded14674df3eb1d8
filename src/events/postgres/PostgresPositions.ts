/**
 * How positions that a row refers to stand in PostgreSQL: as steps back, each from the one before it, the first from the
 * row's own position. `10 12` are two; `10,12*3` is said three times, as turns of a conversation do; `10w` is one whose
 * whole is needed, with what that refers to.
 */

/** Steps that are looked for again right behind them: what a turn says is stored in few rows. */
const longestRun = 4

const whole = "w"

const stepsOf = (at: number, places: ReadonlyArray<number>): ReadonlyArray<string> => {
  const sorted = [...new Set(places)].sort((one, other) => Math.abs(other) - Math.abs(one) || one - other)
  let last = at
  return sorted.map((place) => {
    const step = last - Math.abs(place)
    last -= step
    return `${step}${place < 0 ? whole : ""}`
  })
}

/** How often the steps from one place on come right behind each other. */
const timesOf = (steps: ReadonlyArray<string>, from: number, length: number): number => {
  let end = from + length
  while (end < steps.length && steps[end] === steps[end - length]) end++
  return Math.floor((end - from) / length)
}

/** The text of positions, negative where the whole of what stands there is needed; null: there are none. */
export const toText = (at: number, places: ReadonlyArray<number>): string | null => {
  const steps = stepsOf(at, places)
  const tokens: Array<string> = []
  for (let from = 0; from < steps.length;) {
    let [length, times] = [1, 1]
    for (let each = 1; each <= longestRun; each++) {
      const count = timesOf(steps, from, each)
      if (count > 1 && count * each > times * length) [length, times] = [each, count]
    }
    const run = steps.slice(from, from + length).join(",")
    tokens.push(times === 1 ? run : `${run}*${times}`)
    from += length * times
  }
  return tokens.length === 0 ? null : tokens.join(" ")
}

/** The function that reads such a text. */
export const places = `CREATE FUNCTION places(at bigint, steps text) RETURNS SETOF bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN s.step LIKE '%${whole}' THEN -1 ELSE 1 END *
      (at - sum(rtrim(s.step, '${whole}')::bigint) OVER (ORDER BY t.number, times, s.number)::bigint)
    FROM unnest(string_to_array(steps, ' ')) WITH ORDINALITY AS t (token, number)
      CROSS JOIN LATERAL generate_series(1, coalesce(nullif(split_part(t.token, '*', 2), ''), '1')::integer) AS times
      CROSS JOIN LATERAL unnest(string_to_array(split_part(t.token, '*', 1), ',')) WITH ORDINALITY AS s (step, number)
  $$`

/** A function that makes such a text of the list of before, run by run of one. */
export const stepsOfList =
  `CREATE FUNCTION steps_of_list(at bigint, list bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg((coalesce(last, at) - abs(place))::text || CASE WHEN place < 0 THEN '${whole}' ELSE '' END, ' '
      ORDER BY number) FROM (
        SELECT place, lag(abs(place)) OVER sorted AS last, row_number() OVER sorted AS number
        FROM (SELECT DISTINCT unnest(list) AS place) AS each WINDOW sorted AS (ORDER BY abs(place) DESC, place)
      ) AS steps
  $$`

/** What bodies refer to where it is what payloads do. */
export const same = "="

/** In SQL: the positions that the bodies of a row refer to. */
export const ofBodies = (table: string): string =>
  `CASE ${table}.body_passages WHEN '${same}' THEN ${table}.passages ELSE ${table}.body_passages END`
