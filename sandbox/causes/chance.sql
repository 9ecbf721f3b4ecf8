-- Chance comes from hashes of the seed, of what is drawn and of for whom it is drawn. So a seed gives the same company
-- on any machine and any number of threads, and what is drawn for one stays when another is left out.

-- between 0 and 1, both excluded
create macro chance(what, which) as (
    (cast(md5_number(concat_ws('/', getvariable('seed'), what, which)) as double) + 0.5)
    / 340282366920938463463374607431768211456.0
);

-- seconds until something happens that happens after `mean_days` on average
create macro wait_days(mean_days, what, which) as (
    to_seconds(cast(ceil(-ln(chance(what, which)) * mean_days * 86400) as bigint))
);

create macro pick(choices, what, which) as (
    choices[1 + cast(floor(chance(what, which) * len(choices)) as bigint)]
);

create macro between_days(least_days, most_days, what, which) as (
    to_days(cast(floor(least_days + chance(what, which) * (most_days - least_days + 1)) as integer))
);

-- standard normal, by Box and Muller
create macro bell(what, which) as (
    sqrt(-2 * ln(chance(what, which))) * cos(2 * pi() * chance(what || ' angle', which))
);

-- The next moment at which an office works: Monday to Friday from half past eight to half past five, local time. The
-- list of one binds the moment, so that an expression with a draw in it is not repeated.
create macro at_office(moment) as (
    list_transform(
        [moment],
        lambda m:
        case
            when isodow(m) > 5
            then date_trunc('day', m) + to_days(cast(8 - isodow(m) as integer)) + to_minutes(510 + minute(m))
            when m - date_trunc('day', m) < interval '510 minutes'
            then date_trunc('day', m) + to_minutes(510 + minute(m))
            when m - date_trunc('day', m) >= interval '1050 minutes'
            then date_trunc('day', m) + to_days(case when isodow(m) = 5 then 3 else 1 end) + to_minutes(510 + minute(m))
            else m
        end
    )[1]
);
