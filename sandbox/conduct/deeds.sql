-- What each lead does on the site that a definition speaks of, laid out so that its path holds at its moment and no
-- sooner, and a near miss never. A deed takes place in a quiet hour, so it is a visit of its own.
create table deeds as
with

counted as (
    select
        *,
        case when mql_version = 2 or (mql_version is null and target_version = 2) then 3 else 2 end as views_needed
    from paths
),

laid as (
    -- the e-book, with the address typed in
    select
        i,
        target_at - interval 5 day as done_at,
        'content_download' as name,
        'e-book' as form,
        null as usage_share,
        1 as cycle_number
    from counted
    where likes_downloads and has_email and not is_waiting_for_version
    union all
    -- prices looked at, the last time at the moment (or on the day before the firm's size is known)
    select
        i,
        target_at
        - to_days(cast(n + case when is_size_last or near_miss = 'size known too late' then 1 else 0 end as integer)),
        'pricing_page_view',
        null,
        null,
        1
    from counted
    cross join range(3) as numbers (n)
    where
        (alternative = 'content' or near_miss in ('size known too late', 'too small', 'left out', 'one view short'))
        and n < views_needed - case when near_miss = 'one view short' then 1 else 0 end
    union all
    select
        i,
        target_at - to_days(cast(case when n = views_needed - 1 then 31 else n end as integer)),
        'pricing_page_view',
        null,
        null,
        1
    from counted
    cross join range(3) as numbers (n)
    where near_miss = 'views too far apart' and n < views_needed
    union all
    -- at once, in the visit in which the person asks, or later
    select
        i,
        case when is_demo_at_once then date_trunc('second', asked_at) + interval 4 minute else target_at end,
        'form_submit',
        'demo',
        null,
        1
    from counted
    where alternative = 'demo' or near_miss = 'no phone'
    union all
    -- 10 points for the role, 20 for a webinar, 5 for a look at the prices: 50, and 55 in the second version
    select
        i,
        target_at - to_days(cast(7 * n as integer)),
        'webinar_attended',
        null,
        null,
        1
    from counted
    cross join range(2) as numbers (n)
    where alternative = 'score'
    union all
    select
        i,
        target_at - interval 1 day,
        'pricing_page_view',
        null,
        null,
        1
    from counted
    where alternative = 'score' and mql_version = 2
    union all
    -- points of a webinar expire after 60 days
    select
        i,
        target_at + to_days(cast(61 * n as integer)),
        'webinar_attended',
        null,
        null,
        1
    from counted
    cross join range(2) as numbers (n)
    where near_miss = 'points expired'
    union all
    -- the free tool, near its limit or not
    select
        i,
        case when is_waiting_for_version
            then quiet_hour(second_version_at - between_days(1, 2, 'usage', i), 'usage', i)
            else target_at - to_days(cast(3 * n as integer))
        end,
        'product_usage',
        null,
        cast(case
            when near_miss = 'far from the limit' then 0.40 + 0.39 * chance('usage share', i * 2 + n)
            when n = 0 then 0.80 + 0.20 * chance('usage share', i * 2 + n)
            else 0.30 + 0.45 * chance('usage share', i * 2 + n)
        end as decimal(3, 2)),
        1
    from counted
    cross join range(2) as numbers (n)
    where
        (alternative = 'usage' or near_miss = 'far from the limit' or is_waiting_for_version)
        and (n = 0 or not is_waiting_for_version)
    union all
    -- in a second round it is a demo that is asked for
    select
        i,
        asks_again_at,
        'form_submit',
        'demo',
        null,
        2
    from second_rounds
)

select
    laid.*,
    laid.i || '-' || row_number() over (partition by laid.i order by laid.done_at, laid.name) as deed,
    counted.is_demo_at_once and laid.name = 'form_submit' and laid.cycle_number = 1 as is_at_once
from laid
inner join counted
    on laid.i = counted.i;
