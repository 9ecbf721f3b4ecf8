-- What sales does with each lead: whom it follows up and when, whom it accepts, sells to, and gives back. What people
-- do lies in office hours; for one week the whole team was away.
create table sellers as
select
    *,
    row_number() over (partition by crm order by owner_id) as desk,
    count(*) over (partition by crm) as desks
from (
    values
    -- hours until a follow-up on average, and the share of leads that is forgotten
    ('hubspot', '71200011', 'Dewi Lestari', 3, 0.05),
    ('hubspot', '71200012', 'Rizky Hidayat', 9, 0.10),
    ('hubspot', '71200013', 'Maria Simanjuntak', 5, 0.06),
    ('hubspot', '71200014', 'Agus Setiawan', 30, 0.30),
    ('salesforce', '0055g00000aa1', 'Clara Tan', 2, 0.03),
    ('salesforce', '0055g00000aa2', 'Hendra Wijaya', 6, 0.08),
    ('salesforce', '0055g00000aa3', 'Nadia Rahman', 14, 0.12),
    ('zoho', '41500001', 'Bagus Prakoso', 20, 0.20),
    ('zoho', '41500002', 'Endang Susanti', 8, 0.10)
) as sellers (crm, owner_id, owner, habit_hours, forgets);

create macro when_back(moment) as (
    list_transform(
        [moment],
        lambda m:
        case when m >= timestamp '2026-05-11' and m < timestamp '2026-05-18' then m + interval 7 day else m end
    )[1]
);

-- when somebody gets round to it
create macro soon(moment, mean_days, what, which) as (
    when_back(at_office(date_trunc('second', moment + wait_days(mean_days, what, which))))
);

-- Marketing's workflow says MQL shortly after the fact, mostly. It says it of some who do not qualify too, and in June
-- 2026 of nearly everybody.
create table mqls as
select
    paths.*,
    sellers.owner_id,
    sellers.owner,
    sellers.habit_hours,
    sellers.forgets,
    created_at >= timestamp '2026-06-01 00:00:00' and created_at < timestamp '2026-07-01 00:00:00' as is_of_the_flood,
    case
        when mql_alternative = 'partner' then mql_at
        when mql_at is not null and chance('claimed', i) < 0.95 then
            date_trunc('second', mql_at + wait_days(0.005, 'claim', i))
        when mql_at is not null or way = 'partner' then null
        when is_of_the_flood and chance('flood', i) < 0.75 then
            date_trunc('second', created_at + wait_days(0.02, 'claim', i))
        when near_miss is not null and chance('false claim', i) < 0.25 then target_at + interval 1 hour
        when chance('false claim', i) < 0.01 then target_at + interval 1 hour
    end as claimed_at
from paths
inner join sellers
    on
        paths.crm = sellers.crm
        and sellers.desk = 1 + cast(floor(chance('owner', paths.i) * sellers.desks) as bigint);

-- the first call or message after marketing's word, if it is not forgotten
create table follow_ups as
select
    i,
    soon(claimed_at, habit_hours / 24.0, 'follow-up', i) as followed_up_at,
    pick(['connected', 'connected', 'no_answer'], 'follow-up outcome', i) as outcome
from mqls
where
    claimed_at is not null
    and chance('forgotten', i) >= case when is_of_the_flood and mql_at is null then 0.7 else forgets end;

-- Whom sales accepts. Chosen first, like marketing's stage: `decided_at` is when the last criterion begins to hold.
create table sqls as
with

accepted as (
    select
        mqls.*,
        follow_ups.followed_up_at,
        chance('early call', mqls.i) < 0.04 as is_early,
        soon(
            greatest(mqls.mql_at, mqls.claimed_at, follow_ups.followed_up_at) + interval 10 minute,
            4,
            'accepted',
            mqls.i
        )
            as drawn_at
    from mqls
    left join follow_ups
        on mqls.i = follow_ups.i
    where
        mqls.mql_at is not null
        and chance('accepts', mqls.i)
        < case when mqls.buys then 0.97 when mqls.industry = 'restaurant' then 0.08 else 0.30 end
),

judged as (
    select
        accepted.*,
        drawn_at >= second_version_at as is_second,
        case when chance('meeting', i) < 0.3 then 'meeting' else 'call' end as alternative_drawn,
        -- somebody called before marketing was ready: then the lead is accepted as soon as it is an MQL
        at_office(created_at + interval 20 minute) as early_at
    from accepted
)

select
    * exclude (is_early, alternative_drawn, is_second, alternative),
    alternative_drawn as alternative,
    is_early and alternative_drawn = 'call' and early_at < mql_at and mql_at < second_version_at as is_called_early,
    case when is_called_early then mql_at else drawn_at end as sql_at,
    case when is_called_early then early_at else drawn_at end as talked_at,
    case when is_called_early or not is_second then 1 else 2 end as sql_version,
    -- the second version wants to know the budget as well: known from the form, or written down during the call
    case
        when is_second and alternative_drawn = 'call'
        then case when chance('budget in form', i) < 0.6 then created_at else drawn_at end
    end as budget_known_at
from judged;

create table opportunities as
with

tried as (
    select
        mqls.i,
        mqls.crm,
        mqls.buys,
        mqls.firm_number,
        mqls.owner,
        mqls.owner_id,
        mqls.industry,
        mqls.employee_count,
        sqls.sql_at,
        soon(
            greatest(coalesce(sqls.sql_at, mqls.mql_at, mqls.created_at + interval 2 day), mqls.convinced_at)
            + interval 10 minute,
            3, 'deal', mqls.i
        ) as deal_at
    from mqls
    left join sqls
        on mqls.i = sqls.i
    where mqls.buys or (sqls.i is not null and chance('deal', mqls.i) < 0.85)
)

select
    tried.* exclude (employee_count),
    at_office(
        date_trunc(
            'second',
            deal_at
            + interval 1 hour
            + wait_days(case when chance('long sale', i) < 0.35 then 70 else 15 end, 'close', i)
        )
    ) as closed_at,
    case
        when employee_count < 20 then 'Pajak Dasar' when employee_count < 100 then 'Pajak Plus' else 'Pajak Grup'
    end as product,
    -- rupiah a year, by the size of the firm
    (4e6 + 2.6e5 * employee_count) * exp(0.45 * bell('amount', i)) as worth
from tried;

-- whom sales gives up, or gives back to marketing, and what is said of it
create table exits as
with

candidates as (
    select
        mqls.i,
        mqls.industry,
        mqls.role,
        mqls.campaign_id,
        case
            when opportunities.i is not null then opportunities.closed_at + interval 5 minute
            when sqls.i is not null then soon(sqls.sql_at, 12, 'exit', mqls.i)
            when mqls.mql_at is not null or mqls.claimed_at is not null
            then soon(
                    coalesce(follow_ups.followed_up_at, mqls.claimed_at, mqls.mql_at) + interval 2 hour,
                    6,
                    'exit',
                    mqls.i
                )
            else soon(mqls.target_at + interval 1 day, 14, 'exit', mqls.i)
        end as exited_at,
        case
            when opportunities.i is not null then 0.4
            when sqls.i is not null then 0.5
            when mqls.mql_at is not null then 0.72
            when mqls.claimed_at is not null then 0.8
            else 0.22
        end as probability,
        mqls.mql_at is null and mqls.claimed_at is not null as is_false_claim
    from mqls
    left join sqls
        on mqls.i = sqls.i
    left join follow_ups
        on mqls.i = follow_ups.i
    left join opportunities
        on mqls.i = opportunities.i
    where not mqls.buys
),

left_by as (
    select
        *,
        chance('nurture', i) < 0.35 and not is_false_claim as is_recycled
    from candidates
    where chance('exits', i) < probability
)

select
    i,
    exited_at,
    case when is_recycled then 'recycled' else 'disqualified' end as stage,
    case
        when is_recycled then null
        when role = 'student' then 'student'
        when is_false_claim then pick(['no_fit', 'no_fit', 'no_need', 'no_response'], 'reason', i)
        -- sales does not always say why
        when chance('no reason', i) < 0.08 then null
        when industry = 'restaurant' then pick(['no_fit', 'no_fit', 'no_budget'], 'reason', i)
        else pick(
                [
                    'no_need',
                    'no_budget',
                    'bad_timing',
                    'no_authority',
                    'no_response',
                    'no_response',
                    'bad_contact',
                    'competitor'
                ],
                'reason', i
            )
    end as reason,
    coalesce(
        is_recycled or reason in ('no_need', 'no_budget', 'bad_timing', 'no_authority', 'no_response'), false
    ) as returns
from left_by;

-- Some of those who were given back ask once more: a new round, in which only what is done after the return counts.
create table second_rounds as
with

returned as (
    select
        mqls.*,
        exits.exited_at,
        quiet_hour(exits.exited_at + between_days(20, 90, 'second round', mqls.i), 'second round', mqls.i)
            as asks_again_at
    from mqls
    inner join exits
        on mqls.i = exits.i and exits.returns
    where
        mqls.mql_at is not null
        and mqls.has_phone
        and mqls.is_followed
        and mqls.mql_alternative != 'partner'
        and chance('second round', mqls.i) < 0.3
),

claimed as (
    select
        *,
        case when asks_again_at >= second_version_at then 2 else 1 end as mql_version_again,
        date_trunc('second', asks_again_at + wait_days(0.005, 'second claim', i)) as claimed_again_at
    from returned
)

select
    *,
    soon(claimed_again_at, habit_hours / 24.0, 'second follow-up', i) as followed_up_again_at,
    case when chance('accepts again', i) < 0.35
        then soon(followed_up_again_at + interval 10 minute, 3, 'accepted again', i)
    end as sql_again_at
from claimed;
