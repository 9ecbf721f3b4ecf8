-- One row is a conversion with a path: how long it is, and the places of the touches on which anchors of models fall, 0
-- where there is none (or where no model asks for it). A milestone's touch is the last at or before it.
with

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

milestones as (
    select * from {{ ref('int_attribution_milestones') }}
),

anchors as (
    select * from {{ ref('attribution_models') }}
),

asked as (
    select
        max(case when anchor = 'first_non_direct' then 1 else 0 end) as first_non_direct,
        max(case when anchor = 'last_non_direct' then 1 else 0 end) as last_non_direct,
        max(case when anchor = 'first_paid' then 1 else 0 end) as first_paid,
        max(case when anchor = 'last_paid' then 1 else 0 end) as last_paid,
        max(case when anchor = 'lead_creation' then 1 else 0 end) as lead_creation,
        max(case when anchor = 'mql' then 1 else 0 end) as mql,
        max(case when anchor = 'sql' then 1 else 0 end) as sql,
        max(case when anchor = 'opportunity_creation' then 1 else 0 end) as opportunity_creation
    from anchors
),

found as (
    select
        paths.conversion_number,
        count(*) as path_length,
        min(case when paths.channel != 'direct' then paths.position end) as first_non_direct,
        max(case when paths.channel != 'direct' then paths.position end) as last_non_direct,
        min(case when paths.is_paid then paths.position end) as first_paid,
        max(case when paths.is_paid then paths.position end) as last_paid,
        max(case when paths.touched_at <= milestones.lead_created_at then paths.position end) as lead_creation,
        max(case when paths.touched_at <= milestones.mql_at then paths.position end) as mql,
        max(case when paths.touched_at <= milestones.sql_at then paths.position end) as sql,
        max(case when paths.touched_at <= milestones.opportunity_created_at then paths.position end)
            as opportunity_creation
    from paths
    left join milestones
        on paths.conversion_number = milestones.conversion_number
    group by paths.conversion_number
),

marks as (
    select
        found.conversion_number,
        found.path_length,
        coalesce(found.first_non_direct, 0) * asked.first_non_direct as first_non_direct,
        coalesce(found.last_non_direct, 0) * asked.last_non_direct as last_non_direct,
        coalesce(found.first_paid, 0) * asked.first_paid as first_paid,
        coalesce(found.last_paid, 0) * asked.last_paid as last_paid,
        coalesce(found.lead_creation, 0) * asked.lead_creation as lead_creation,
        coalesce(found.mql, 0) * asked.mql as mql,
        coalesce(found.sql, 0) * asked.sql as sql,
        coalesce(found.opportunity_creation, 0) * asked.opportunity_creation as opportunity_creation
    from found
    cross join asked
)

select * from marks
