-- what sales should tell marketing
create table truth.findings as
with

qualified as (
    select
        mqls.*,
        people.person_id
    from mqls
    inner join people
        on mqls.i = people.i
    where is_past(mqls.mql_at)
),

unioned as (
    select
        'industry_over_represented' as finding,
        '23850011223340004' as campaign_id,
        date '2025-07-01' as from_date,
        date '2025-09-30' as until_date,
        'restaurant' as subject,
        count(*) as cases,
        avg(cast(industry = 'restaurant' as integer)) as share
    from qualified
    where campaign_id = '23850011223340004' and mql_at >= timestamp '2025-07-01' and mql_at < timestamp '2025-10-01'
    union all
    select
        'claimed_below_definition',
        null,
        date '2026-06-01',
        date '2026-06-30',
        'mql',
        count(*),
        avg(cast(mql_at is null as integer))
    from mqls
    where claimed_at >= timestamp '2026-06-01' and claimed_at < timestamp '2026-07-01' and is_past(claimed_at)
    union all
    select
        'week_without_follow_up',
        null,
        date '2026-05-11',
        date '2026-05-17',
        'follow_up',
        count(*),
        1.0
    from mqls
    where claimed_at >= timestamp '2026-05-11' and claimed_at < timestamp '2026-05-18' and is_past(claimed_at)
    union all
    select
        'promise_unknown_to_sales',
        null,
        date '2026-08-01',
        date '2026-09-30',
        'diskon 30 persen',
        count(*),
        count(*) / (
            select count(*)
            from talk as followed_up
            where
                followed_up.about = 'follow-up'
                and followed_up.talked_at >= timestamp '2026-08-01'
                and followed_up.talked_at < timestamp '2026-10-01'
        )
    from talk
    where tags like 'promise_unknown:%' and is_past(talked_at)
    union all
    -- forms, lead ads and chats that never became a record
    select
        'lost_before_the_crm',
        null,
        cast(min(lives.asked_at) as date),
        cast(max(lives.asked_at) as date),
        'lead',
        count(*),
        count(*) / (select count(*) from lives as anybody where is_past(anybody.asked_at))
    from lives
    inner join people
        on lives.i = people.i
    where people.is_lost and is_past(lives.asked_at)
    union all
    -- of a criterion: by how much likelier those who meet it buy
    select
        'criterion_predicts',
        null,
        null,
        null,
        'employee_count >= 10',
        count(*) filter (where employee_count >= 10),
        avg(cast(buys as integer)) filter (where employee_count >= 10)
        / avg(cast(buys as integer)) filter (where employee_count < 10)
    from mqls
    where is_past(created_at)
    union all
    select
        'criterion_predicts_nothing',
        null,
        null,
        null,
        'content_download',
        count(*) filter (where likes_downloads),
        avg(cast(buys as integer)) filter (where likes_downloads)
        / avg(cast(buys as integer)) filter (where not likes_downloads)
    from mqls
    where is_past(created_at)
)

select *
from unioned
where cases > 0
order by finding;
