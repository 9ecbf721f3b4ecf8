-- One row is a shape that paths have: their length and the places of the anchors. There are few of them, and what a
-- model gives a touch depends on nothing else (but `decay`, which asks for times), so it is worked out once a shape.
with

marks as (
    select * from {{ ref('int_attribution_marks') }}
),

distinct_marks as (
    select distinct
        path_length,
        first_non_direct,
        last_non_direct,
        first_paid,
        last_paid,
        lead_creation,
        mql,
        sql,
        opportunity_creation
    from marks
),

shapes as (
    select
        row_number() over in_order as shape_number,
        *
    from distinct_marks
    window in_order as (
        order by
            path_length, first_non_direct, last_non_direct, first_paid, last_paid, lead_creation, mql, sql,
            opportunity_creation
    )
)

select * from shapes
