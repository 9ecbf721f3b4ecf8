-- How each lead meets the agreement, if at all: the path is chosen here, and what the person does is laid out
-- afterwards so that the path holds (deeds.sql). Marketing's stage first: version, alternative and the moment at which
-- the last criterion begins to hold.

-- a quiet hour of a day, in which no encounter takes place
create macro quiet_hour(moment, what, which) as (
    date_trunc('day', moment)
    + to_hours(case when chance(what || ' hour', which) < 0.5 then 11 else 17 end)
    + to_seconds(cast(floor(2700 * chance(what || ' second', which)) as bigint))
);

create table targets as
with

drawn as (
    select
        leads.*,
        quiet_hour(created_at + interval 1 day + wait_days(4, 'target', i), 'target', i) as drawn_at,
        has_email and not refuses_consent as is_followed,
        calendar.second_version_at
    from leads
    cross join calendar
),

-- what is done under one version is done within its days
moved as (
    select
        * replace (
            case
                when drawn_at >= second_version_at and drawn_at < second_version_at + interval 4 day
                then drawn_at + interval 4 day
                else drawn_at
            end as drawn_at
        )
    from drawn
)

select
    * exclude (drawn_at),
    drawn_at as target_at,
    case when drawn_at >= second_version_at then 2 else 1 end as target_version,
    employee_count >= case when drawn_at >= second_version_at then 10 else 5 end as is_big_enough,
    drawn_at >= second_version_at and industry = 'restaurant' as is_left_out,
    chance('qualifies', i) < case when buys then 0.95 when role = 'student' then 0.06 else 0.46 end as wants_to_qualify
from moved;

create table paths as
with

possible as (
    select
        *,
        case
            when way = 'partner' then ['partner']
            when not is_followed then []
            else list_filter(
                    [
                        case when likes_downloads and is_big_enough and not is_left_out then 'content' end,
                        case when has_phone then 'demo' end,
                        case when role in ('owner', 'finance') then 'score' end,
                        case when uses_free_tool and target_version = 2 then 'usage' end
                    ],
                    lambda alternative: alternative is not null
                )
        end as alternatives,
        -- what just does not do, for those who do not qualify
        case
            when way = 'partner' or not is_followed then []
            else list_filter(
                    [
                        case
                            when likes_downloads and employee_count >= 10 and industry != 'restaurant' then
                                'one view short'
                        end,
                        case
                            when likes_downloads and employee_count >= 10 and industry != 'restaurant' then
                                'views too far apart'
                        end,
                        case
                            when likes_downloads and employee_count >= 10 and industry != 'restaurant' then
                                'size known too late'
                        end,
                        case when likes_downloads and employee_count < 5 then 'too small' end,
                        case when likes_downloads and employee_count >= 10 and is_left_out then 'left out' end,
                        case when not has_phone then 'no phone' end,
                        case when role in ('owner', 'finance') then 'points expired' end,
                        case when uses_free_tool then 'far from the limit' end
                    ],
                    lambda miss: miss is not null
                )
        end as misses
    from targets
),

chosen as (
    select
        *,
        case when wants_to_qualify and len(alternatives) > 0 then pick(alternatives, 'alternative', i) end
            as alternative,
        case
            when not wants_to_qualify and len(misses) > 0 and chance('near miss', i) < 0.6 then pick(misses, 'miss', i)
        end as near_miss
    from possible
),

placed as (
    select
        *,
        -- some ask for a demo at once
        coalesce(alternative = 'demo' and trace = 'visit' and chance('demo at once', i) < 0.5, false)
            as is_demo_at_once,
        -- of some the size of the firm comes last
        coalesce(alternative = 'content' and chance('size last', i) < 0.15, false) as is_size_last,
        -- near the limit of the free tool shortly before the second version, which is the first to count that
        alternative is null
        and near_miss is null
        and uses_free_tool
        and is_followed
        and created_at >= second_version_at - interval 60 day
        and created_at < second_version_at - interval 3 day
        and way != 'partner' as is_waiting_for_version
    from chosen
)

select
    * exclude (alternatives, misses),
    case when is_size_last then target_at when near_miss = 'size known too late' then target_at + interval 31 day end
        as size_known_at,
    case
        when is_waiting_for_version then second_version_at
        when is_demo_at_once then created_at
        when alternative is not null then target_at
    end as mql_at,
    case
        when is_waiting_for_version then 2
        when is_demo_at_once then case when created_at >= second_version_at then 2 else 1 end
        when alternative is not null then target_version
    end as mql_version,
    case when is_waiting_for_version then 'usage' else alternative end as mql_alternative
from placed;
