-- One row is a conversion with a path and the shape of that.
with

marks as (
    select * from {{ ref('int_attribution_marks') }}
),

shapes as (
    select * from {{ ref('int_attribution_shapes') }}
),

path_shapes as (
    select
        marks.conversion_number,
        shapes.shape_number
    from marks
    inner join shapes
        on
            marks.path_length = shapes.path_length
            and marks.first_non_direct = shapes.first_non_direct
            and marks.last_non_direct = shapes.last_non_direct
            and marks.first_paid = shapes.first_paid
            and marks.last_paid = shapes.last_paid
            and marks.lead_creation = shapes.lead_creation
            and marks.mql = shapes.mql
            and marks.sql = shapes.sql
            and marks.opportunity_creation = shapes.opportunity_creation
)

select * from path_shapes
