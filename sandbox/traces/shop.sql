-- The shop in a marketplace: prepaid packs, many bought with an influencer's voucher. A marketplace tells little of its
-- buyers: a phone number for some, nothing for most.
create table orders as
with

bought as (
    select
        n,
        -- half of the buyers are people whom marketing meets as well
        case when chance('buyer known', n) < 0.5
            then cast(floor(chance('buyer', n) * (select count(*) from people)) as bigint)
        end as i,
        cast(calendar.first_day as timestamp)
        + to_seconds(
            cast(
                floor(
                    chance('ordered', n) * date_diff('second', cast(calendar.first_day as timestamp), calendar.ends_at)
                ) as bigint
            )
        )
            as ordered_at
    from range(cast(round(getvariable('leads') * 0.12) as bigint)) as numbers (n)
    cross join calendar
),

priced as (
    select
        *,
        pick([149000, 149000, 249000, 499000], 'pack', n) as price,
        -- she speaks of it for two weeks, twice a year
        month(ordered_at) in (3, 9) and day(ordered_at) <= 14 or chance('voucher', n) < 0.15 as has_voucher
    from bought
)

select
    n,
    i,
    printf('26%08dMP', n) as order_id,
    pick(['Tokopedia', 'Shopee'], 'shop', n) as shop,
    ordered_at,
    cast(case when has_voucher then price * 0.8 else price end as decimal(18, 2)) as amount,
    'IDR' as currency,
    case when has_voucher then 'NADIAPAJAK20' end as voucher_code,
    i is not null and chance('phone shown', n) < 0.5 as shows_phone,
    case
        when chance('returned', n) < 0.03 then
            cast(case when has_voucher then price * 0.8 else price end as decimal(18, 2))
        when chance('returned', n) < 0.05 then cast(50000 as decimal(18, 2))
    end as refunded_amount,
    case
        when chance('returned', n) < 0.05 then
            date_trunc('second', ordered_at + interval 1 day + wait_days(6, 'return', n))
    end
        as refunded_at
from priced;
