-- One row is a shape of paths, a model and one of its anchors that is a touch, with the touch's place, 0 where there is
-- none. `first` and `last` limited to a kind of touch are no part of a path that lacks the kind: then the model is its
-- fallback. A milestone may be missing.
{% set places = {
    'first': '1',
    'last': 'path_length',
    'close': 'path_length',
    'first_non_direct': 'first_non_direct',
    'last_non_direct': 'last_non_direct',
    'first_paid': 'first_paid',
    'last_paid': 'last_paid',
    'lead_creation': 'lead_creation',
    'mql': 'mql',
    'sql': 'sql',
    'opportunity_creation': 'opportunity_creation',
} %}

with

shapes as (
    select * from {{ ref('int_attribution_shapes') }}
),

anchors as (
    select * from {{ ref('attribution_models') }}
),

places as (
    {% for anchor, place in places.items() %}
    select
        shape_number,
        '{{ anchor }}' as anchor,
        {{ 'true' if anchor.endswith('direct') or anchor.endswith('paid') else 'false' }} as is_limited,
        cast({{ place }} as bigint) as position
    from shapes
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

placed as (
    select
        places.shape_number,
        anchors.model,
        anchors.anchor,
        places.is_limited,
        places.position,
        anchors.share
    from places
    inner join anchors
        on places.anchor = anchors.anchor
)

select * from placed
